using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Kafka;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured and said of Kafka. Log lines hold places and reasons, nothing of what was read.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class KafkaWatch : IKafkaObserver
{
    private const string Delivered = "delivered";

    private static readonly TimeSpan ToldAgain = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, string> _topics;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new();
    private readonly Counter<long> _records;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _traces;
    private readonly SourceMetrics _sources;
    private readonly ResponderWatch _responders;
    private readonly IntakeMetrics _intake;
    private readonly string _logins;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private int _assigned;
    private int _isPaused;

    public KafkaWatch(InstrumentSet instruments, KafkaTopics topics, IntakeMetrics intake, SourceMetrics sources, ResponderWatch responders, ILogger logger, TimeProvider clock)
    {
        (_intake, _sources, _responders, _clock, _logger, _logins) = (intake, sources, responders, clock, logger, topics.Logins);
        _topics = new() { [topics.Logins] = "logins", [topics.Assessments] = "assessments", [topics.Decisions] = "decisions", [topics.DeadLetters] = "dead_letters" };
        _records = instruments.Counter(
            "riskengine_kafka_records_total", "Records written, by topic: delivered, or why not.",
            from topic in _topics.Values.Distinct() from outcome in KafkaFault.Reasons.Prepend(Delivered) select Tags.Of("topic", topic, "outcome", outcome));
        _errors = instruments.Counter("riskengine_kafka_errors_total", "What the brokers or the way to them failed at, by reason; tried again by itself.", KafkaFault.Reasons.Append("broken_off").Select(reason => Tags.Of("reason", reason)));
        _rebalances = instruments.Counter(
            "riskengine_kafka_rebalances_total", "Times that partitions came or went: assigned, revoked in good order, or lost.", Enum.GetValues<Rebalance>().Select(kind => Tags.Of("kind", NameOf(kind))));
        _traces = instruments.Counter("riskengine_kafka_traces_refused_total", "Records of logins with a header traceparent that is none; they are judged without a trace.", Tags.None);
        instruments.Gauge("riskengine_kafka_partitions", "Partitions of the topic of logins that this process has.", () => [new(Volatile.Read(ref _assigned))]);
        instruments.Gauge("riskengine_kafka_paused", "Whether fetching is paused because too much is in hand.", () => [new(Volatile.Read(ref _isPaused))]);
    }

    public void Failed(KafkaFault fault)
    {
        _errors.Add(1, new KeyValuePair<string, object?>("reason", fault.Reason));
        Tell(fault);
    }

    public void Rebalanced(Rebalance kind, int partitions, int assigned)
    {
        _rebalances.Add(1, new KeyValuePair<string, object?>("kind", NameOf(kind)));
        Volatile.Write(ref _assigned, assigned);
        LogRebalanced(_logger, partitions, NameOf(kind), assigned);
    }

    public void Lagging(long records) => _sources.Waiting(KafkaParts.Label, records);

    public void Paused(bool isPaused) => Volatile.Write(ref _isPaused, isPaused ? 1 : 0);

    public void DeadLettered(int partition, long offset, Defect defect)
    {
        _responders.DeadLettered(KafkaParts.Label, defect.Reason);
        _intake.Rejected(KafkaParts.Label, defect.Reason);
        if (IsNews($"letter {defect.Reason}")) LogDeadLetter(_logger, _logins, partition, offset, defect.ToString());
    }

    public void TraceRefused() => _traces.Add(1);

    public void Produced(string topic, KafkaFault? fault)
    {
        _records.Add(1, new("topic", _topics.GetValueOrDefault(topic, "other")), new("outcome", fault?.Reason ?? Delivered));
        if (fault is not null) Tell(fault);
    }

    public void BrokenOff(Exception failure)
    {
        _errors.Add(1, new KeyValuePair<string, object?>("reason", "broken_off"));
        LogBroken(_logger, failure);
    }

    private static string NameOf(Rebalance kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Each reason once a minute: a broker that is away fails several times a second.</summary>
    private void Tell(KafkaFault fault)
    {
        if (IsNews(fault.Reason)) LogFault(_logger, fault.Words, fault.Reason);
    }

    private bool IsNews(string what)
    {
        var now = _clock.GetUtcNow();
        if (_told.TryGetValue(what, out var last) && now - last < ToldAgain) return false;
        _told[what] = now;
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "Kafka: {Words}. Tried again by itself; told once a minute. Reason: {Reason}.")]
    private static partial void LogFault(ILogger logger, string words, string reason);

    [LoggerMessage(2, LogLevel.Information, "Kafka: {Partitions} partitions {Kind}; this process has {Assigned} now.")]
    private static partial void LogRebalanced(ILogger logger, int partitions, string kind, int assigned);

    [LoggerMessage(4, LogLevel.Warning, "Kafka: the record of {Topic} in partition {Partition} at {Offset} became a dead letter: {Defect}. Told once a minute for each reason; riskengine_dead_letters_total counts all.")]
    private static partial void LogDeadLetter(ILogger logger, string topic, int partition, long offset, string defect);

    [LoggerMessage(3, LogLevel.Error, "Kafka: the consumer broke off and begins anew; what was not acknowledged is read again and counts as repeated.")]
    private static partial void LogBroken(ILogger logger, Exception failure);
}
