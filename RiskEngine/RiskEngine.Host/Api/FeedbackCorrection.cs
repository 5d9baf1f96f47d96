using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Carries out what a person said of an event: through the judge, which alone changes profiles, and on the blocks that the event caused.</summary>
internal sealed class FeedbackCorrection(ServerParts parts)
{
    /// <summary>Pages that are looked through for a challenge that was passed.</summary>
    private const int MostPages = 20;

    private readonly BlockRelease _release = new(parts);

    /// <summary>Applies the word. Doing it again changes nothing more, so a request that failed half way may be repeated.</summary>
    /// <param name="stored">The event, as it is stored.</param>
    /// <param name="lifted">Makes the audit entry for a block that ends with it, and for the failures that are forgotten with that, in words.</param>
    public async Task ApplyAsync(StoredEvent stored, FeedbackLabel label, Func<Block, string, AuditEntry> lifted, CancellationToken cancellationToken)
    {
        var word = new Correction(label, await WasAcceptedAsync(stored, cancellationToken));
        foreach (var said in await parts.Records.FindCompromisedAsync(stored.Tenant, stored.Subject, cancellationToken))
        {
            if (said.EventId == stored.EventId) word = word with { WasRejected = true };
            else if (said.Stands && await parts.Records.FindEventAsync(stored.Tenant, said.EventId, cancellationToken) is { } other
                && other.OccurredAt <= stored.OccurredAt && !(other.OccurredAt <= word.StillCompromised)) word = word with { StillCompromised = other.OccurredAt };
        }

        await parts.Judge.SubmitAsync(BatchOf(stored, word), "feedback", cursor: null, cancellationToken);
        if (label != FeedbackLabel.Safe) return;
        foreach (var block in parts.State.Blocks.All.Where(block => block.Origin == BlockOrigin.Policy && block.EventId == stored.EventId && block.Tenant == stored.Tenant).ToList())
        {
            await _release.EndAsync(block, forgotten => lifted(block, forgotten), cancellationToken);
        }
    }

    /// <summary>Whether the policy by itself taught the event, as the learner decides it: a challenge that was passed teaches once for itself and for the login before it.</summary>
    private async Task<bool> WasAcceptedAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (stored.Kind == EventKind.Login && stored.Assessment is { } assessment && (assessment.Learned || assessment.Action < DecisionAction.Challenge)) return true;
        if (stored.Kind is not (EventKind.Login or EventKind.ChallengePassed)) return false;
        var around = await AroundAsync(stored, cancellationToken);
        return around.Exists(other => other.Kind == EventKind.ChallengePassed && (other.SourceIp.Unit, other.UserAgent) == (stored.SourceIp.Unit, stored.UserAgent))
            && !around.Exists(other => other.Kind == EventKind.Login && other.Assessment is { Action: DecisionAction.Block });
    }

    /// <summary>The subject's events of the ten minutes before and behind one, itself among them.</summary>
    private async Task<List<StoredEvent>> AroundAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        var span = TimeSpan.FromSeconds(PastLogin.SameLoginSeconds);
        var subject = StateKeys.Subject(parts.State.Hash, Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName));
        var query = new AssessmentQuery { Subject = subject, Since = stored.OccurredAt - span, WithUnjudged = true, Limit = 1000 };
        List<StoredEvent> around = [];
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await parts.Records.FindAssessmentsAsync(query, cancellationToken);
            around.AddRange(page.Items.Where(other => other.OccurredAt <= stored.OccurredAt + span));
            if (page.Next is not { } next) break;
            query = query with { Cursor = next };
        }

        return around;
    }

    private static EventBatch BatchOf(StoredEvent stored, in Correction word)
    {
        var batch = new EventBatch(1);
        ref var e = ref batch.Add(default);
        e.Correction = word;
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
