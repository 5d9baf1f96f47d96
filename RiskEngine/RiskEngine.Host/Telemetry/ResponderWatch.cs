using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Responders;
using RiskEngine.Responders.Delivery;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured and said of deliveries. Log lines name no subject and hold nothing of what is delivered.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ResponderWatch : IDeliveryObserver
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _dead;
    private readonly ILogger _logger;

    /// <param name="deadLettering">Sources whose records become dead letters, each for what is wrong with it.</param>
    public ResponderWatch(InstrumentSet instruments, IReadOnlyList<string> responders, ILogger logger, params IEnumerable<string> deadLettering)
    {
        _logger = logger;
        Names = responders;
        _requests = instruments.Counter(
            "riskengine_responder_requests_total", "Deliveries tried: delivered, dry_run, or why not.",
            from responder in responders from outcome in DeliveryReasons.Outcomes select Tags.Of("responder", responder, "outcome", outcome));
        _durations = instruments.Histogram(
            "riskengine_responder_duration_seconds", "Time that deliveries took.", Buckets.Durations, from responder in responders select Tags.Of("responder", responder));
        _dead = instruments.Counter(
            "riskengine_dead_letters_total", "What was given up: expired, full (no room), or refused for good, where source is the responder; of the source kafka, records by what is wrong with them.",
            [
                .. from responder in responders from reason in DeliveryReasons.DeadLetters select Tags.Of("source", responder, "reason", reason),
                .. from source in deadLettering from reason in DefectReasons.All select Tags.Of("source", source, "reason", reason.Name()),
            ]);
    }

    /// <summary>Gets the responders that this process delivers to.</summary>
    public IReadOnlyList<string> Names { get; }

    public void Tried(string responder, DeliveryResult result, TimeSpan took)
    {
        _requests.Add(1, new("responder", responder), new("outcome", result.Reason));
        _durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("responder", responder));
    }

    /// <summary>Counts a dead letter; the outbox tells, for some never come to a pump.</summary>
    public void Died(string responder, string reason)
    {
        _dead.Add(1, new("source", responder), new("reason", reason));
        if (reason == IOutbox.Full) LogFull(_logger, responder);
    }

    /// <summary>Counts a record of a source that was put aside.</summary>
    public void DeadLettered(string source, DefectReason reason) => _dead.Add(1, new("source", source), new("reason", reason.Name()));

    public void TargetChanged(string responder, bool isDown, string words)
    {
        if (isDown) LogDown(_logger, responder, words);
        else LogUp(_logger, responder);
    }

    public void GivenUp(OutboxItem item, string reason, string words) => LogGivenUp(_logger, item.Id, item.Kind, item.Responder, reason, words);

    public void StoreFailed(string responder, string words) => LogStore(_logger, responder, words);

    public void Threw(string responder, Exception failure) => LogThrew(_logger, responder, failure);

    /// <summary>Tells what a responder in dry run would be asked to do.</summary>
    public void WouldDo(OutboxItem item) => LogDryRun(_logger, item.Responder, item.Kind, item.Id);

    [LoggerMessage(1, LogLevel.Error, "{Responder} is out of order: {Reason}. What it is owed waits and is delivered in order once it is back.")]
    private static partial void LogDown(ILogger logger, string responder, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Responder} works again; what waited is delivered now.")]
    private static partial void LogUp(ILogger logger, string responder);

    [LoggerMessage(3, LogLevel.Error, "Item {Id} ({Kind}) for {Responder} was given up ({Code}): {Reason}. Look with 'riskengine outbox list --dead', mend the cause, then 'riskengine outbox retry {Id}'.")]
    private static partial void LogGivenUp(ILogger logger, long id, string kind, string responder, string code, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The outbox of {Responder} has to wait for the store: {Reason}")]
    private static partial void LogStore(ILogger logger, string responder, string reason);

    [LoggerMessage(5, LogLevel.Error, "{Responder} failed in a way that nobody thought of; the item is tried again.")]
    private static partial void LogThrew(ILogger logger, string responder, Exception failure);

    [LoggerMessage(6, LogLevel.Information, "Dry run: {Responder} would be asked for {Kind} (item {Id}).")]
    private static partial void LogDryRun(ILogger logger, string responder, string kind, long id);

    [LoggerMessage(7, LogLevel.Error, "The outbox of {Responder} is full, so that what is new becomes a dead letter at once. Mend the target; store.max_outbox says how much may wait.")]
    private static partial void LogFull(ILogger logger, string responder);
}
