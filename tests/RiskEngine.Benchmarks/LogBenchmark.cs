using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Logging;
using RiskEngine.Host.Logging.Loki;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Benchmarks;

/// <summary>What a log line costs whoever logs, with and without Loki, and what a full queue costs in memory.</summary>
internal static partial class LogBenchmark
{
    public const string Usage = "       logs [LINES]";

    private const int Rounds = 5;

    private const string Ordinary = "challenge (enforced: True) at 87.38 for 3f2a6c0d9e81b477 from 203.0.113.7: login, impossible_travel,new_device,feed_hit, event 0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11.";

    public static int Run(int lines)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"best of {Rounds} rounds of {lines:N0}, one thread"));
        Measure("a text without a secret through the scrubber", lines, i => Scrubber.Clean(Ordinary));
        using (var plain = new JsonLogging(new LogSettings { QueueCapacity = 65_536 }, Stream.Null)) MeasureLogger("a line to standard output", plain, lines);
        using (var roomy = new JsonLogging(new LogSettings { QueueCapacity = 65_536 }, Stream.Null, Shipper(new LokiSettings { QueueLimit = 1_000_000, QueueBytes = 1 << 30 })))
            MeasureLogger("a line to standard output and to a queue for Loki with room", roomy, lines);
        using (var full = new JsonLogging(new LogSettings { QueueCapacity = 65_536 }, Stream.Null, Shipper(new LokiSettings { QueueLimit = 100 })))
            MeasureLogger("the same while the queue is full", full, lines);
        MeasureAssessments("an assessment to the queue", Shipper(new LokiSettings { QueueLimit = 1_000_000, QueueBytes = 1 << 30, AssessmentsPerSecond = 100_000 }), lines);
        MeasureAssessments("an assessment while the queue is full", Shipper(new LokiSettings { QueueLimit = 100, AssessmentsPerSecond = 100_000 }), lines);
        MeasureAssessments("an assessment beyond the rate", Shipper(new LokiSettings { AssessmentsPerSecond = 1 }), lines);
        MeasureMemory();
        return 0;
    }

    /// <summary>Nobody listens there, so that everything waits.</summary>
    private static LokiShipper Shipper(LokiSettings settings) =>
        new(new LokiTarget { Url = new Uri("http://127.0.0.1:9"), StopPatience = TimeSpan.FromMilliseconds(100) }, settings, TimeProvider.System);

    private static void MeasureLogger(string what, JsonLogging loggers, int lines)
    {
        var logger = loggers.CreateLogger("RiskEngine.Host.Telemetry.DecisionLog");
        Measure(what, lines, i => LogDecision(logger, "challenge", true, 87.38, "3f2a6c0d9e81b477", "203.0.113.7", "login", "impossible_travel,new_device,feed_hit", "0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11"));
    }

    private static void MeasureAssessments(string what, LokiShipper shipper, int lines)
    {
        using (shipper)
        {
            var effects = SomeEffects();
            var feed = new AssessmentFeed(shipper, new PersonalText(new TelemetrySettings(), new KeyedHash("0123456789abcdef"u8)), TimeProvider.System);
            var timing = new BatchTiming(default, default, default, default, [], []);
            Measure(what, lines / effects.Count, i => feed.Committed(effects, timing), effects.Count);
        }
    }

    private static Effects SomeEffects()
    {
        var batch = new EventBatch();
        for (var i = 0; i < 100; i++)
        {
            var (id, subject) = (batch.Append(Encoding.ASCII.GetBytes($"0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c{i:00}")), batch.Append(Encoding.ASCII.GetBytes($"person-{i}")));
            ref var e = ref batch.Add(new SourcePosition(0, 0, i));
            (e.Id, e.SubjectId, e.Kind, e.SourceIp) = (id, subject, EventKind.Login, IpAddress.FromBytes([203, 0, 113, (byte)i]));
        }

        var effects = new Effects { PolicyVersion = "b1946ac9" };
        effects.Begin(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            ref var assessment = ref effects[i];
            (assessment.Judged, assessment.Outcome, assessment.Score, assessment.Level, assessment.Action, assessment.Rule) = (true, EventOutcome.Accepted, 12.5, RiskLevel.Medium, DecisionAction.Notify, AssessmentRecord.NoRule);
            var signals = effects.ReserveSignals(3);
            for (var signal = 0; signal < 3; signal++) signals[signal] = new SignalRecord((SignalCode)(signal + 1), 1.25f, 1.25f, 0, 0, 0, default);
            effects.KeepSignals(ref assessment, 3);
        }

        return effects;
    }

    private static void MeasureMemory()
    {
        var settings = new LokiSettings();
        using var shipper = Shipper(settings);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var line = Encoding.UTF8.GetBytes(new string('x', 560));
        var added = 0;
        while (shipper.Queue.HasRoom(LokiStreams.App) && shipper.Add(new LokiEntry(LokiStreams.App, shipper.Labels.OfApp("info", "DecisionLog"), added, line.ToArray(), [new("source", "DecisionLog")]))) added++;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"a queue at its bound",-62} {added:N0} lines of 560 bytes, counted as {shipper.Queue.Bytes / 1048576.0:N1} MiB, {(after - before) / 1048576.0:N1} MiB of managed memory"));
    }

    private static void Measure(string what, int count, Action<int> act, int each = 1)
    {
        var (best, bytes) = (double.MaxValue, 0.0);
        for (var round = 0; round <= Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++) act(i);
            var took = Stopwatch.GetElapsedTime(started).TotalNanoseconds / count / each;
            if (round == 0) continue;
            best = Math.Min(best, took);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count / each;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-62} {best,8:N0} ns {bytes,8:N0} bytes"));
    }

    [LoggerMessage(1, LogLevel.Information, "{Decision} (enforced: {Enforced}) at {RiskScore} for {Subject} from {SourceIp}: {Kind}, {Signals}, event {EventId}.")]
    private static partial void LogDecision(ILogger logger, string decision, bool enforced, double riskScore, string subject, string sourceIp, string kind, string signals, string eventId);
}
