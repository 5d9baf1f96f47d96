using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>What responders are owed because a person acted: added to the audit's entry, and so stored with the act or not at all, with the trace of the request.</summary>
internal static class Owing
{
    /// <summary>Owed for the block as the store numbers it, so that what is told of its release fits.</summary>
    public static AuditEntry ForBlock(this AuditEntry audit, ServerParts parts) => parts.Subscriptions.Count == 0 ? audit : audit with
    {
        OwedFor = block =>
        {
            List<OutboxItem> owed = [];
            foreach (var subscription in parts.Subscriptions) subscription.Blocked(block, owed);
            return Traced(owed);
        },
    };

    /// <param name="block">What is to end; null where it is not known, and then nothing is owed.</param>
    public static AuditEntry ForRelease(this AuditEntry audit, ServerParts parts, Block? block) =>
        block is null ? audit : audit.For(parts, (subscription, owed) => subscription.Released(block, audit.At, owed));

    public static AuditEntry ForWord(this AuditEntry audit, ServerParts parts, StoredEvent stored, Feedback feedback) =>
        audit.For(parts, (subscription, owed) => subscription.Labelled(stored, feedback, owed));

    private static AuditEntry For(this AuditEntry audit, ServerParts parts, Action<IOutboxSubscription, ICollection<OutboxItem>> ask)
    {
        if (parts.Subscriptions.Count == 0) return audit;
        List<OutboxItem> owed = [.. audit.Owed];
        foreach (var subscription in parts.Subscriptions) ask(subscription, owed);
        return audit with { Owed = Traced(owed) };
    }

    private static List<OutboxItem> Traced(List<OutboxItem> owed) => Activity.Current is { } act && act.Context.IsRecorded() ? owed.ConvertAll(item => item with { Trace = TraceParent.Write(act.Context) }) : owed;
}
