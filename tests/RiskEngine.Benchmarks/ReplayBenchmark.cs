using System.Diagnostics;
using System.Text.Json;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Replaying;
using RiskEngine.Simulation;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Benchmarks;

/// <summary>Replay with memory state and every detector on, against a bare pass of <see cref="Utf8JsonReader"/> over the same bytes.</summary>
internal static class ReplayBenchmark
{
    public static async Task RunAsync(int users, int days)
    {
        var file = Path.Combine(Path.GetTempPath(), $"riskengine-benchmark-{Environment.ProcessId}.jsonl");
        var output = file + ".out";
        try
        {
            using (var stream = File.Create(file)) new SimulatedTraffic(new SimulationSettings { Users = users, Days = days }).WriteTo(stream);
            Console.WriteLine($"{users} users, {days} days: {new FileInfo(file).Length / 1e6:0} MB");
            for (var round = 0; round < 3; round++)
            {
                var bare = Bare(file);
                var (parsed, parseTime) = Parse(file);
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var processor = Process.GetCurrentProcess().TotalProcessorTime;
                var started = Stopwatch.GetTimestamp();
                var (statistics, stages) = await Replay(file, output);
                var elapsed = Stopwatch.GetElapsedTime(started);
                var used = Process.GetCurrentProcess().TotalProcessorTime - processor;
                var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                Console.WriteLine(
                    $"round {round}: bare pass {bare:0} lines/s; parse {parsed / parseTime.TotalSeconds:0} events/s; replay {statistics.Events / elapsed.TotalSeconds:0} events/s "
                    + $"({100 * statistics.Events / elapsed.TotalSeconds / bare:0.0} % of the bare pass), {used.TotalSeconds / elapsed.TotalSeconds:0.00} cores, "
                    + $"{used.TotalMicroseconds / statistics.Events:0.00} us/event, {(double)allocated / statistics.Events:0} B/event, judged {statistics.Judged}");
                Console.WriteLine($"    of which, in turn and each by the clock: {stages.PerEvent(statistics.Events)}");
            }
        }
        finally
        {
            File.Delete(file);
            File.Delete(output);
        }
    }

    private static double Bare(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var lines = 0;
        var started = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var reader = new Utf8JsonReader(bytes[..end]);
            while (reader.Read())
            {
            }

            lines++;
            bytes = bytes[(end + 1)..];
        }

        return lines / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static (long Events, TimeSpan Elapsed) Parse(string file)
    {
        using var collector = Open(file, new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System).Hash);
        var batch = new EventBatch();
        var rejected = new List<RejectedRecord>();
        var started = Stopwatch.GetTimestamp();
        long events = 0;
        while (collector.TryReadBatch(batch, rejected)) events += batch.Count;
        return (events, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<(ReplayStatistics Statistics, StageTimes Stages)> Replay(string file, string output)
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, TimeProvider.System);
        using var collector = Open(file, store.Hash);
        var statistics = new ReplayStatistics();
        using var writer = new AssessmentOutput(File.Create(output, 256 * 1024));
        var stages = new StageTimes(writer);
        var engine = new Engine(
            new Snapshot
            {
                Detectors = Detectors.From(new DetectionSettings()),
                Scorer = new Scorer(new ScoringSettings()),
                Policy = CompiledPolicy.Compile(DefaultPolicy.Definition),
                Facts = FactSnapshot.Empty,
                ModelVersion = "benchmark",
            },
            store.Hash, []);
        await using (var loop = new JudgeLoop(store, new EngineReference(engine), Host.Replaying.Replay.Pipeline, [statistics, stages]))
        {
            await Host.Replaying.Replay.RunAsync(collector, loop, statistics, "file", null, null, CancellationToken.None);
        }

        return (statistics, stages);
    }

    private static FileCollector Open(string file, KeyedHash hash)
    {
        var context = new FormatContext { Hash = hash, Clock = TimeProvider.System, FutureTolerance = TimeSpan.FromDays(1) };
        return FileCollector.TryOpen(new FileCollectorSettings { Path = file, Format = "riskengine" }, context, out var collector, out var fault)
            ? collector
            : throw new InvalidOperationException(fault.ToString());
    }
}
