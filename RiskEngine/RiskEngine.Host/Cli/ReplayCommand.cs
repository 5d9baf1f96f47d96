using System.CommandLine;
using System.Diagnostics;
using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Replaying;

namespace RiskEngine.Host.Cli;

/// <summary><c>replay FILE|-</c>: judges a file as if it happened now, with memory for state, or with a file that keeps it.</summary>
internal static class ReplayCommand
{
    private sealed record Arguments(string File, string Format, string? Out, string? State, bool Follow, int? Year, UtcOffset? UtcOffset, string? Config, bool Incidents, bool Attacks, bool Json);

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A file of login events, plain or gzip, or - for standard input." };
        var format = new Option<string>("--format") { Description = $"auto, {string.Join(", ", EventFormats.Names)}, or mapped:FILE for a mapping file.", DefaultValueFactory = _ => "auto" };
        format.Validators.Add(result =>
        {
            if (FormatChoice.Refusal(result.GetValueOrDefault<string>()) is { } refusal) result.AddError($"--format: {refusal}");
        });
        var output = new Option<string?>("--out") { Description = "Where to write one assessment a line: a file, or - for standard output." };
        var state = new Option<string?>("--state") { Description = "Durable store to judge with and to keep; without it nothing is kept." };
        var follow = new Option<bool>("--follow") { Description = "Wait for more at the end of the file, through rotation." };
        var year = new Option<int?>("--year") { Description = "The year of lines that carry none (syslog); otherwise the file's date tells." };
        var offset = new Option<string?>("--utc-offset") { Description = "How far the clock that wrote lines without an offset (syslog) is ahead of UTC, such as +02:00; otherwise the time zone of this machine." };
        offset.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !UtcOffset.TryParse(text, out _)) result.AddError($"--utc-offset: expected an offset from UTC such as +02:00, found '{text}'.");
        });
        var config = new Option<string?>("--config") { Description = "Configuration file: policy, detection, geo data, feeds." };
        var incidents = new Option<bool>("--incidents") { Description = "Also tell the incidents that related assessments make, and with labels how they fit the campaigns." };
        var attacks = new Option<bool>("--attacks") { Description = "Also tell when the whole fleet was under attack, and with labels how soon campaigns were found." };
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON." };
        var command = new Command("replay", "Judge a file of login events.") { file, format, output, state, follow, year, offset, config, incidents, attacks, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            new Arguments(
                parsed.GetValue(file)!, parsed.GetValue(format)!, parsed.GetValue(output), parsed.GetValue(state), parsed.GetValue(follow), parsed.GetValue(year),
                UtcOffset.TryParse(parsed.GetValue(offset) ?? "", out var ahead) ? ahead : null, parsed.GetValue(config), parsed.GetValue(incidents),
                parsed.GetValue(attacks), parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellation)
    {
        var settings = StartCheck.LoadToJudge(arguments.Config);
        await using var store = arguments.State is { } path ? Stores.OpenFile(path, settings) : Stores.Memory(keepsAssessments: false);
        var incidents = arguments.Incidents ? new ReplayedIncidents(settings.Incidents) : null;
        var labels = new LabelTap(incidents);
        var (choice, faults) = FormatChoice.Load(arguments.Format);
        if (choice is null) throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
        var collectorSettings = new FileCollectorSettings { Path = arguments.File, Format = choice.Name, Follow = arguments.Follow, GivesAtOnce = true, Decorate = labels.Wrap };
        var context = new FormatContext
        {
            Hash = store.State.Hash,
            Clock = TimeProvider.System,
            Year = arguments.Year,
            Zone = arguments.UtcOffset?.ToZone() ?? TimeProvider.System.LocalTimeZone,
            FutureTolerance = TimeSpan.FromHours(24),
            Mapping = choice.Mapping,
        };
        using var stop = new StopSignals(cancellation);
        if (!FileCollector.TryOpen(collectorSettings, context, out var collector, out var fault, stop.Token)) throw new CommandFailure(ExitCode.Failed, fault.ToString());
        using (collector)
        {
            if (arguments.Format == "auto") await Console.Error.WriteLineAsync($"{arguments.File}: read as {collector.Format?.Name ?? "nothing"} ({collector.FormatReason})");
            var statistics = new ReplayStatistics();
            var started = Stopwatch.GetTimestamp();
            await JudgeAsync(arguments, settings, store, collector, statistics, labels, stop.Token);
            Tell(arguments, statistics, labels, incidents, Stopwatch.GetElapsedTime(started));
            return statistics.BrokeOff ? ExitCode.Failed : ExitCode.Done;
        }
    }

    private static async Task JudgeAsync(
        Arguments arguments, Configuration.RiskEngineSettings settings, OpenStore store, FileCollector collector, ReplayStatistics statistics, LabelTap labels,
        CancellationToken cancellation)
    {
        using var facts = EngineParts.LoadFacts(settings, message => Console.Error.WriteLine(message));
        var engine = EngineParts.Build(settings, facts.Snapshot, store.State.Hash);
        List<IPipelineObserver> observers = [statistics, labels];
        using var output = arguments.Out is { } file ? new AssessmentOutput(OutputFile.Open(file)) : null;
        if (output is not null) observers.Add(output);

        var progress = new ProgressLine(collector, statistics);
        await using var loop = new JudgeLoop(store.State, new EngineReference(engine), Replay.Pipeline, observers);
        await Replay.RunAsync(collector, loop, statistics, collector.Format?.Name ?? "file", progress.Show, output is null ? null : output.Flush, cancellation);
        progress.Clear();
    }

    private static void Tell(Arguments arguments, ReplayStatistics statistics, LabelTap labels, ReplayedIncidents? incidents, TimeSpan elapsed)
    {
        foreach (var record in statistics.FirstRejected) Console.Error.WriteLine($"{arguments.File}: {record}");
        if (statistics.RejectedCount > statistics.FirstRejected.Count) Console.Error.WriteLine($"{arguments.File}: and {statistics.RejectedCount - statistics.FirstRejected.Count} more");

        // Standard output belongs to the assessments when they go there.
        var isTaken = arguments.Out == "-";
        var report = labels.HasLabels ? labels.Report() : null;
        if (arguments.Json)
        {
            using var stream = isTaken ? Console.OpenStandardError() : Console.OpenStandardOutput();
            ReplaySummary.WriteJson(stream, statistics, report, elapsed, incidents is null ? null : IncidentAnswer.Heads(incidents.Book));
        }
        else
        {
            var to = isTaken ? Console.Error : Console.Out;
            ReplaySummary.Write(to, statistics, report, elapsed);
            if (arguments.Attacks) AttackTable.Tell(to, labels.Attacks, labels.HasLabels);
            if (incidents is not null) IncidentAnswer.Tell(to, incidents, labels.HasLabels);
        }
    }
}
