using System.Globalization;
using RiskEngine.Benchmarks.Storage;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>What the whole program does with events that are posted to it, as strangers meet it: <c>serve</c>, the embedded store, everything on.</summary>
public static class IngestBenchmark
{
    public const string Usage =
        "       ingest [--subjects N | --compare] [--events N] [--rounds N] [--clients N] [--array] [--folder DIR | --leave DIR | --open DIR [--starts N]]   posts N events (default 500000) a round, in batches of 1,000 from four clients (or --clients), to a server whose store knows so many subjects (default 1000000); --compare does 1,000 and 1,000,000 (or --subjects) in turn, --array sends arrays in place of lines, --leave only fills a store in DIR, posts N events and kills the server in the middle of more, --open only starts servers on copies of that";

    private const int FewSubjects = 1000, Subjects = 1_000_000, Events = 500_000, Rounds = 3, EventsPerSingle = 20;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("ingest: reads the counters of processes from /proc, which only Linux has.");
            return 1;
        }

        var (subjects, events, rounds) = (Option(arguments, "--subjects", Subjects), Option(arguments, "--events", Events), Option(arguments, "--rounds", Rounds));
        if (Text(arguments, "--open") is { } left)
        {
            await FilledEngine.OpenAsync(left, subjects, Option(arguments, "--starts", Rounds));
            return 0;
        }

        if (Text(arguments, "--leave") is { } leave)
        {
            await using var filled = await FilledEngine.FillAsync(leave, subjects, isArray: false);
            await filled.LeaveAsync(events);
            return 0;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Text(arguments, "--folder") ?? Path.GetTempPath(), $"riskengine-ingest-{Environment.ProcessId}"));
        List<FilledEngine> engines = [];
        try
        {
            foreach (var size in arguments.Contains("--compare") ? new[] { FewSubjects, subjects } : [subjects])
                engines.Add(await FilledEngine.FillAsync(Path.Combine(folder.FullName, $"of-{size}"), size, arguments.Contains("--array")));
            await MeasureAsync(engines, events / FilledEngine.BatchSize * FilledEngine.BatchSize, rounds, Option(arguments, "--clients", FilledEngine.Clients));
            await engines[^1].StartAgainAsync();
        }
        finally
        {
            foreach (var engine in engines) await engine.DisposeAsync();
            folder.Delete(recursive: true);
        }

        return 0;
    }

    /// <summary>In turn, so that what else the machine does meets all of them alike. A round before the first warms up and is told as such.</summary>
    private static async Task MeasureAsync(List<FilledEngine> engines, int events, int rounds, int clients)
    {
        var batches = engines.ConvertAll(_ => new List<Measured>());
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < engines.Count; i++)
            {
                var measured = await engines[i].BatchesAsync(events, clients);
                Print(engines[i], $"batches of 1,000, {(round == 0 ? "to warm up" : $"round {round}")}", measured);
                if (round > 0) batches[i].Add(measured);
            }
        }

        foreach (var engine in engines) Print(engine, "single events, 64 connections", await engine.SinglesAsync(events / EventsPerSingle));
        if (engines.Count == 1) return;
        var (few, many) = (batches[0], batches[^1]);
        StorageBenchmark.Print(
            $"ingest: {engines[^1].Name} against {engines[0].Name}", $"{Median(many, round => round.EventsPerSecond) / Median(few, round => round.EventsPerSecond):P0}",
            $"medians of {rounds} rounds, by events a second; by processor time {Median(few, Cost) / Median(many, Cost):P0}, by that of server and client {Median(few, Whole) / Median(many, Whole):P0}");
    }

    private static double Cost(Measured round) => round.Microseconds + round.Afterwards;

    private static double Whole(Measured round) => Cost(round) + round.ClientMicroseconds;

    private static double Median(List<Measured> rounds, Func<Measured, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    private static void Print(FilledEngine engine, string what, Measured measured) =>
        StorageBenchmark.Print($"ingest: {engine.Name}, {what}", $"{measured.EventsPerSecond:N0} events/s", measured.ToString());

    private static int Option(string[] arguments, string name, int otherwise) => Text(arguments, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] arguments, string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
