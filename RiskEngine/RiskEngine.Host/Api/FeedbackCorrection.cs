using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Carries out what a person said of an event: through the judge, which alone changes profiles, and on the blocks that the event caused.</summary>
internal sealed class FeedbackCorrection(ServerParts parts)
{
    /// <summary>Applies the word. Doing it again changes nothing more, so a request that failed half way may be repeated.</summary>
    /// <param name="stored">The event, as it is stored.</param>
    /// <param name="lifted">Makes the audit entry for a block that ends with it.</param>
    public async Task ApplyAsync(StoredEvent stored, FeedbackLabel label, Func<Block, AuditEntry> lifted, CancellationToken cancellationToken)
    {
        await parts.Judge.SubmitAsync(Correction(stored, label), "feedback", cursor: null, cancellationToken);
        if (label != FeedbackLabel.Safe) return;
        foreach (var block in parts.State.Blocks.All.Where(block => block.Origin == BlockOrigin.Policy && block.EventId == stored.EventId && block.Tenant == stored.Tenant).ToList())
        {
            await parts.Records.RemoveBlockAsync(block.Id, lifted(block), cancellationToken);
        }
    }

    private static EventBatch Correction(StoredEvent stored, FeedbackLabel label)
    {
        var batch = new EventBatch(1);
        ref var e = ref batch.Add(default);
        e.Correction = new Correction(label, stored.Assessment is { Action: < DecisionAction.Challenge });
        e.Id = Text(batch, stored.EventId);
        e.OccurredAt = stored.OccurredAt;
        e.Kind = stored.Kind;
        e.Tenant = Text(batch, stored.Tenant);
        e.SubjectId = Text(batch, stored.SubjectId);
        e.SubjectName = Text(batch, stored.SubjectName);
        e.SourceIp = stored.SourceIp;
        e.UserAgent = Text(batch, stored.UserAgent);
        e.Application = Text(batch, stored.Application);
        e.Country = stored.Country;
        e.Asn = stored.Asn;
        return batch;
    }

    private static Slice Text(EventBatch batch, string text) => text.Length == 0 ? default : batch.Append(Encoding.UTF8.GetBytes(text));
}
