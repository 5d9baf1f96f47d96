using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using RiskEngine.Host.Benchmarking;
using RiskEngine.Host.Composition;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Cli;

/// <summary><c>benchmark</c>: how well the engine tells attackers from honest people, beside baselines and an oracle.</summary>
internal static class BenchmarkCommand
{
    private const int LeastSubjects = 100, MostSubjects = 1_000_000, MostSeeds = 20;

    private sealed record Arguments(int Subjects, IReadOnlyList<int> Seeds, IReadOnlyList<UserAgentChurn> Churns, string? Report, string? Config, bool Json);

    public static Command Create()
    {
        var subjects = new Option<int>("--subjects") { Description = "Subjects of each generated stream.", DefaultValueFactory = _ => 50_000 };
        subjects.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < LeastSubjects or > MostSubjects) result.AddError($"--subjects: expected {LeastSubjects} to {MostSubjects}.");
        });
        var seeds = new Option<string>("--seeds") { Description = "Seeds of the streams, such as 1,2,3.", DefaultValueFactory = _ => "1,2,3,4,5" };
        seeds.Validators.Add(result =>
        {
            if (SeedsOf(result.GetValueOrDefault<string>()!) is null) result.AddError($"--seeds: expected different whole numbers with commas between them, at most {MostSeeds}.");
        });
        var churn = new Option<string>("--churn") { Description = "How user agents change: realistic, rba (half of all logins show a new one), or both.", DefaultValueFactory = _ => "realistic" };
        churn.Validators.Add(result =>
        {
            if (ChurnsOf(result.GetValueOrDefault<string>()!) is null) result.AddError("--churn: expected realistic, rba or both.");
        });
        var report = new Option<string?>("--report") { Description = "Folder for the report: report.html, report.json and report.txt." };
        var config = new Option<string?>("--config") { Description = "Configuration file: policy, detection, scoring." };
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON." };
        var command = new Command("benchmark", "Measure detection on generated logins with attackers in them, beside baselines and an oracle.") { subjects, seeds, churn, report, config, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            new Arguments(
                parsed.GetValue(subjects), SeedsOf(parsed.GetValue(seeds)!)!, ChurnsOf(parsed.GetValue(churn)!)!, parsed.GetValue(report), parsed.GetValue(config), parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static IReadOnlyList<int>? SeedsOf(string text)
    {
        List<int> seeds = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, out var seed) || seed < 0 || seeds.Contains(seed)) return null;
            seeds.Add(seed);
        }

        return seeds.Count <= MostSeeds ? seeds : null;
    }

    private static IReadOnlyList<UserAgentChurn>? ChurnsOf(string text) => text switch
    {
        "realistic" => [UserAgentChurn.Realistic],
        "rba" => [UserAgentChurn.RbaLike],
        "both" => [UserAgentChurn.Realistic, UserAgentChurn.RbaLike],
        _ => null,
    };

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellation)
    {
        var settings = StartCheck.LoadToJudge(arguments.Config);
        var files = arguments.Report is { } folder ? ReportFolder.Open(folder) : null;
        var started = Stopwatch.GetTimestamp();
        var status = new StatusLine();
        var benchmark = new GeneratedBenchmark(settings, Contestants.Evaluation, status.Show);
        List<StreamReport> streams = [];
        foreach (var churn in arguments.Churns) streams.Add(await benchmark.RunAsync(churn, arguments.Subjects, arguments.Seeds, cancellation));
        status.Clear();
        var report = new BenchmarkReport
        {
            Version = typeof(BenchmarkCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0",
            ModelVersion = benchmark.ModelVersion,
            At = TimeProvider.System.GetUtcNow(),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
            Subjects = arguments.Subjects,
            Seeds = arguments.Seeds,
            Draws = Contestants.Evaluation.Draws,
            Streams = streams,
        };
        files?.Write(report, Contestants.Evaluation);
        if (arguments.Json) Console.Out.WriteLine(JsonReport.Write(report));
        else foreach (var line in new TextReport(report, Contestants.Evaluation).Lines()) Console.Out.WriteLine(line);
        return ExitCode.Done;
    }
}
