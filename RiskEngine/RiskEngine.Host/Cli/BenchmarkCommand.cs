using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using RiskEngine.Configuration;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Benchmarking;
using RiskEngine.Host.Benchmarking.Fitting;
using RiskEngine.Host.Composition;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Cli;

/// <summary><c>benchmark</c>: how well the engine tells attackers from honest people, beside baselines and an oracle.</summary>
internal static class BenchmarkCommand
{
    private const string All = "all";

    private const int LeastSubjects = 100, MostSubjects = 1_000_000, MostSeeds = 20;

    private sealed record Arguments(string? Dataset, int Subjects, IReadOnlyList<int> Seeds, IReadOnlyList<UserAgentChurn> Churns, string? Report, string? Config, IReadOnlyCollection<string>? Parts, bool Fit, bool Feedback, bool Json);

    public static Command Create()
    {
        var dataset = new Argument<string?>("dataset") { Description = "A labelled file of your own, plain or gzip, in time order, or with --fit a store in which people gave feedback; without it logins are generated.", Arity = ArgumentArity.ZeroOrOne };
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
        var config = new Option<string?>("--config") { Description = "Configuration file: policy, detection, scoring; for a file of your own geo data and feeds too." };
        var without = new Option<string>("--without") { Description = "Parts to measure the engine without, with commas between them: all, none, or names as reports have them, such as \"fitted weights\". Each takes as long as the engine.", DefaultValueFactory = _ => All };
        without.Validators.Add(result =>
        {
            if (PartsOf(result.GetValueOrDefault<string>()!)?.Except(EngineVariants.Parts).FirstOrDefault() is { } unknown) result.AddError($"--without: there is no part \"{unknown}\"; expected all, none, or of {string.Join(", ", EngineVariants.Parts)}.");
        });
        var fit = new Option<bool>("--fit") { Description = "Fit weights to the part of the time that is for fitting, write them to weights.yaml in the folder of --report, and compare." };
        var feedback = new Option<bool>("--feedback") { Description = "With --fit: fit to what people said of the assessments in the configured store, also while servers use it." };
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON." };
        var command = new Command("benchmark", "Measure detection on generated logins with attackers in them, beside baselines and an oracle.") { dataset, subjects, seeds, churn, report, config, without, fit, feedback, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(fit) && result.GetValue(report) is null) result.AddError("--fit: --report says where the weights are written, and is missing.");
            if (result.GetValue(feedback) && (!result.GetValue(fit) || result.GetValue(dataset) is not null)) result.AddError("--feedback: goes with --fit, and takes the configured store in the place of a data set.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            new Arguments(
                parsed.GetValue(dataset), parsed.GetValue(subjects), SeedsOf(parsed.GetValue(seeds)!)!, ChurnsOf(parsed.GetValue(churn)!)!, parsed.GetValue(report), parsed.GetValue(config), PartsOf(parsed.GetValue(without)!), parsed.GetValue(fit), parsed.GetValue(feedback), parsed.GetValue(json)),
            cancellation));
        return command;
    }

    /// <summary>Null for all.</summary>
    private static IReadOnlyCollection<string>? PartsOf(string text) => text switch
    {
        All => null,
        "none" => [],
        _ => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

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
        if (arguments.Feedback) return FitToFeedback(null, files!, settings, status, cancellation);
        if (arguments.Dataset is { } store && FeedbackFit.IsStore(store)) return FitToFeedback(store, arguments.Fit ? files! : null, settings, status, cancellation);
        var (streams, model) = arguments.Dataset is { } path ? await JudgeAsync(path, arguments, arguments.Fit ? files : null, settings, status, cancellation) : await JudgeAsync(arguments, arguments.Fit ? files : null, settings, status, cancellation);
        status.Clear();
        var isGenerated = arguments.Dataset is null;
        var report = new BenchmarkReport
        {
            Version = typeof(BenchmarkCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0",
            ModelVersion = model,
            At = TimeProvider.System.GetUtcNow(),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
            Subjects = isGenerated ? arguments.Subjects : null,
            Seeds = isGenerated ? arguments.Seeds : [],
            Draws = Contestants.Evaluation.Draws,
            Streams = streams,
        };
        files?.Write(report, Contestants.Evaluation);
        if (arguments.Json) Console.Out.WriteLine(JsonReport.Write(report));
        else foreach (var line in new TextReport(report, Contestants.Evaluation).Lines()) Console.Out.WriteLine(line);
        return ExitCode.Done;
    }

    private static async Task<(IReadOnlyList<StreamReport> Streams, string Model)> JudgeAsync(
        Arguments arguments, ReportFolder? fitted, RiskEngineSettings settings, StatusLine status, CancellationToken cancellation)
    {
        var benchmark = new GeneratedBenchmark(settings, Contestants.Evaluation, status.Show) { Parts = arguments.Parts };
        List<StreamReport> streams = [];
        WeightsFile? weights = null;
        if (fitted is not null)
        {
            var fit = await benchmark.FitAsync(arguments.Churns[0], arguments.Subjects, arguments.Seeds, cancellation);
            weights = Keep(fit, fitted, $"generated logins, seeds {string.Join(',', arguments.Seeds)}, {arguments.Subjects} subjects each", status);
        }

        foreach (var churn in arguments.Churns) streams.Add(await benchmark.RunAsync(churn, arguments.Subjects, arguments.Seeds, weights, cancellation));
        return (streams, benchmark.ModelVersion);
    }

    private static async Task<(IReadOnlyList<StreamReport> Streams, string Model)> JudgeAsync(
        string dataset, Arguments arguments, ReportFolder? fitted, RiskEngineSettings settings, StatusLine status, CancellationToken cancellation)
    {
        var benchmark = new FileBenchmark(settings, Contestants.Evaluation, status.Show) { Parts = arguments.Parts };
        var weights = fitted is null ? null : Keep(await benchmark.FitAsync(dataset, cancellation), fitted, $"labelled logins of {Path.GetFileName(dataset)}", status);
        var stream = await benchmark.RunAsync(dataset, weights, cancellation);
        status.Clear();
        if (benchmark.Rejected > 0) await Console.Error.WriteLineAsync($"{dataset}: {benchmark.Rejected} records gave no event and were left out.");
        return ([stream], benchmark.ModelVersion);
    }

    /// <param name="store">A file; null for the configured store.</param>
    private static int FitToFeedback(string? store, ReportFolder? folder, RiskEngineSettings settings, StatusLine status, CancellationToken cancellation)
    {
        if (folder is null) throw new CommandFailure(ExitCode.Usage, $"{store} is a store: its feedback is what weights can be fitted to, with --fit and --report; to measure, give a labelled file.");
        using var logins = Stores.OpenLogins(settings, store);
        Keep(FeedbackFit.Run(logins, store ?? "the configured store", settings, cancellation), folder, $"feedback on the assessments of {Path.GetFileName(store) ?? "the configured store"}", status);
        return ExitCode.Done;
    }

    private static WeightsFile Keep(FusionFitResult fit, ReportFolder folder, string data, StatusLine status)
    {
        var weights = WeightsFit.ToFile(fit, "riskengine benchmark --fit", data, TimeProvider.System.GetUtcNow());
        status.Clear();
        foreach (var line in WeightsFit.Lines(fit)) Console.Error.WriteLine(line);
        Console.Error.WriteLine($"Written to {folder.Write(weights)}. To judge by them, name the file in model.weights; to go back, take that line out again.");
        return weights;
    }
}
