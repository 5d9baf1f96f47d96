using System.Diagnostics.Metrics;
using RiskEngine.Configuration;
using RiskEngine.Outbound;
using RiskEngine.Responders;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>What is measured and said of pushes by OTLP.</summary>
/// <remarks>Thread-safe. A fault is told once, until it changes or is over.</remarks>
internal sealed partial class OtlpWatch
{
    /// <summary>Values of the label <c>signal</c>.</summary>
    public const string Metrics = "metrics", Traces = "traces";

    /// <summary>Values of the label <c>reason</c> of spans.</summary>
    private const string QueueFull = "queue_full", NotTaken = "not_taken";

    private const string Partial = "partial";

    private static readonly string[] Outcomes = [.. DeliveryReasons.Outcomes.Except([DeliveryReasons.DryRun, DeliveryReasons.BadAnswer, DeliveryReasons.NoSecret]), Partial];

    private readonly Counter<long> _requests;
    private readonly Counter<long> _lost;
    private readonly ILogger _logger;
    private readonly Dictionary<string, string> _told = [];

    public OtlpWatch(InstrumentSet instruments, OtlpSettings settings, ILogger logger)
    {
        _logger = logger;
        string[] signals = settings.Endpoint is null ? [] : [.. settings.Metrics ? (string[])[Metrics] : [], .. settings.Traces ? (string[])[Traces] : []];
        _requests = instruments.Counter(
            "riskengine_otlp_requests_total", "Pushes by OTLP: delivered, partial (the receiver refused some of it), or why not.",
            from signal in signals from outcome in Outcomes select Tags.Of("signal", signal, "outcome", outcome));
        _lost = instruments.Counter(
            "riskengine_spans_lost_total", "Spans that were recorded and reached nobody: queue_full, because the receiver is slower than they are made; not_taken, because a push failed. Nothing else is lost with them.",
            from reason in signals.Contains(Traces) ? (string[])[QueueFull, NotTaken] : [] select Tags.Of("reason", reason));
    }

    /// <summary>What became of one push.</summary>
    public void Answered(string signal, OutboundAnswer? answer, OutboundFault? fault)
    {
        var (result, rejected) = (HttpDelivery.Of(answer, fault), answer is { IsSuccess: true } ? OtlpAnswer.Rejected(answer.Body.Span) : 0);
        _requests.Add(1, new("signal", signal), new("outcome", rejected > 0 ? Partial : result.Reason));
        if (rejected > 0 && signal == Traces) _lost.Add(rejected, new KeyValuePair<string, object?>("reason", NotTaken));
        var words = rejected > 0 ? "the receiver refuses some of it" : result.Words;
        lock (_told)
        {
            if (_told.GetValueOrDefault(signal, "") == words) return;
            _told[signal] = words;
        }

        if (words.Length == 0) LogBack(_logger, signal);
        else LogFault(_logger, signal, words);
    }

    /// <summary>A span found the queue full.</summary>
    public void Dropped() => _lost.Add(1, new KeyValuePair<string, object?>("reason", QueueFull));

    /// <summary>Spans that a failed push held.</summary>
    public void Failed(long spans) => _lost.Add(spans, new KeyValuePair<string, object?>("reason", NotTaken));

    [LoggerMessage(1, LogLevel.Warning, "otlp.endpoint does not take {Signal}: {Reason}. Logins are judged all the same; metrics are pushed again at the next interval, spans of a failed push are lost and counted.")]
    private static partial void LogFault(ILogger logger, string signal, string reason);

    [LoggerMessage(2, LogLevel.Information, "otlp.endpoint takes {Signal} again.")]
    private static partial void LogBack(ILogger logger, string signal);
}
