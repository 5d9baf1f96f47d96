using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Responders;

namespace RiskEngine.Host.Telemetry.Traces;

/// <summary>One span for each delivery, whose trace the other side is told of.</summary>
/// <remarks>A trace of its own, since what is owed may wait for hours, with a link to the one in which it came to be owed, as the outbox has it. Thread-safe.</remarks>
internal sealed class TracedResponder(IResponder responder, Spans spans) : IResponder
{
    public string Name => responder.Name;

    public Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken) =>
        spans.Source.HasListeners() ? DeliverTracedAsync(item, cancellationToken) : responder.DeliverAsync(item, cancellationToken);

    private async Task<DeliveryResult> DeliverTracedAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        ActivityLink[]? links = TraceParent.TryRead(item.Trace, null, out var cause) ? [new ActivityLink(cause)] : null;
        using var span = spans.Source.StartActivity("deliver", ActivityKind.Client, default(ActivityContext), links: links);
        span?.SetTag("riskengine.responder", Name).SetTag("riskengine.kind", item.Kind).SetTag("riskengine.attempts", item.Attempts);
        var result = await responder.DeliverAsync(item, cancellationToken);
        span?.SetTag("riskengine.outcome", result.Reason);
        if (result.Verdict is not (DeliveryVerdict.Delivered or DeliveryVerdict.DryRun)) span?.SetStatus(ActivityStatusCode.Error);
        return result;
    }
}
