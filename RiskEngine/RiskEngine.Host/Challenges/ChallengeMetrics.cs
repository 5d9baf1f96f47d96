using System.Diagnostics.Metrics;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Challenges;

/// <summary>What is measured of challenges. Thread-safe.</summary>
internal sealed class ChallengeMetrics(InstrumentSet instruments)
{
    private const string Issued = "issued";

    private static readonly ChallengeOutcome[] Known = [ChallengeOutcome.Passed, ChallengeOutcome.Failed, ChallengeOutcome.Abandoned];

    private readonly Counter<long> _challenges = instruments.Counter(
        "riskengine_challenges_total", "Enforced challenges, asked for by an evaluation or a proxy, or seen in an event, and what became of them: each is issued once and has one outcome.",
        Known.Select(NameOf).Prepend(Issued).Select(outcome => Tags.Of("outcome", outcome)));

    private readonly Counter<long> _untracked = instruments.Counter(
        "riskengine_challenges_untracked_total", "Enforced challenges of which nobody will know what became, because too many were open at once.", Tags.None);

    public static string NameOf(ChallengeOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public void Began() => _challenges.Add(1, new KeyValuePair<string, object?>("outcome", Issued));

    public void Ended(ChallengeOutcome outcome) => _challenges.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    public void Lost() => _untracked.Add(1);
}
