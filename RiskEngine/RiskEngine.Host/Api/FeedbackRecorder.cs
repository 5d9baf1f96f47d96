using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Notes what a person said of an event, and carries it out: the one way for words, whoever says them.</summary>
internal sealed class FeedbackRecorder(ServerParts parts, ChallengeKeeper challenges)
{
    private readonly FeedbackCorrection _correction = new(parts);

    /// <summary>Notes the word with its entry in the audit and what is owed for it, then carries it out.</summary>
    /// <param name="who">Who says it, and from where, for the audit.</param>
    /// <param name="once">
    /// Whether <see cref="Feedback.Who"/> may say something of an event once only. Said again, nothing is noted; it is carried out again where it is still
    /// the last word, for the first time may have ended half way.
    /// </param>
    /// <returns>Whether it was noted.</returns>
    /// <exception cref="StateStoreException">The store took nothing of it, or only the word: say it again.</exception>
    public async Task<bool> SayAsync(StoredEvent stored, Feedback feedback, string who, bool once, CancellationToken cancellationToken)
    {
        // The challenge that the word is about may have become known a moment ago.
        await challenges.FlushAsync(cancellationToken);
        var label = feedback.Label;
        var audit = new AuditEntry(0, feedback.At, who, "feedback", stored.EventId, feedback.Note.Length > 0 ? $"{label.Name()}: {feedback.Note}" : label.Name()).ForWord(parts, stored, feedback);
        var isNoted = once ? await parts.Records.AddFeedbackOnceAsync(feedback, audit, cancellationToken) : await parts.Records.AddFeedbackAsync(feedback, audit, cancellationToken);
        if (!isNoted && !(once && await IsLastWordAsync(feedback, cancellationToken))) return false;
        await _correction.ApplyAsync(stored, label, (block, forgotten) => Lifted(block, stored, who, forgotten), cancellationToken);
        if (isNoted) parts.Telemetry.People.Said(label);
        return isNoted;
    }

    private AuditEntry Lifted(Block block, StoredEvent stored, string who, string forgotten) =>
        new(0, Audit.Now(parts), who, "block.remove", $"{block.Scope.Name()}:{block.Value}", $"event {stored.EventId} is safe{(forgotten.Length > 0 ? ", " : "")}{forgotten}");

    private async Task<bool> IsLastWordAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        var words = await parts.Records.FindFeedbackAsync(feedback.Tenant, [feedback.EventId], cancellationToken);
        return words.TryGetValue(feedback.EventId, out var last) && last.Who == feedback.Who && last.Label == feedback.Label;
    }
}
