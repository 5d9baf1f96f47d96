using System.Diagnostics.Metrics;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Challenges;

/// <summary>What is measured of challenges. Thread-safe.</summary>
internal sealed class ChallengeMetrics(InstrumentSet instruments)
{
    /// <summary>Why an answer went out before its challenge was stored.</summary>
    public const string Slow = "slow", Failed = "failed";

    private const string Issued = "issued";

    private static readonly ChallengeOutcome[] Known = [ChallengeOutcome.Passed, ChallengeOutcome.Failed, ChallengeOutcome.Abandoned];

    private readonly Counter<long> _challenges = instruments.Counter(
        "riskengine_challenges_total", "Enforced challenges, asked for by an evaluation or a proxy, or seen in an event, and what became of them: each is issued once and has one outcome.",
        Known.Select(NameOf).Prepend(Issued).Select(outcome => Tags.Of("outcome", outcome)));

    private readonly Counter<long> _untracked = instruments.Counter(
        "riskengine_challenges_untracked_total", "Enforced challenges of which nobody will know what became, because too many were open at once.", Tags.None);

    private readonly Counter<long> _answeredBefore = instruments.Counter(
        "riskengine_challenges_answered_unstored_total", "Answers that asked for a challenge before it was stored, since the store took too long or refused: it is stored later, unless the process is killed before.",
        new[] { Slow, Failed }.Select(reason => Tags.Of("reason", reason)));

    private readonly Counter<long> _notesDropped = instruments.Counter(
        "riskengine_challenge_notes_dropped_total", "What happened to challenges here and other replicas of the shared store are never told, because it could not be written for too long: who passed here may be asked once more there.",
        Tags.None);

    public static string NameOf(ChallengeOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public void Began() => _challenges.Add(1, new KeyValuePair<string, object?>("outcome", Issued));

    public void Ended(ChallengeOutcome outcome) => _challenges.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    public void Lost() => _untracked.Add(1);

    public void NoteDropped() => _notesDropped.Add(1);

    /// <param name="reason"><see cref="Slow"/> or <see cref="Failed"/>.</param>
    public void AnsweredBefore(string reason) => _answeredBefore.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
