using System.ComponentModel;
using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>Challenges of some days, and how many of them met honest people.</summary>
internal sealed record ChallengeReport
{
    [Description("The first day that is counted, in UTC: the day asked for, or the first of which anything is stored. Null where nothing is.")]
    public required DateOnly? Since { get; init; }

    [Description("Enforced challenges; each has one outcome.")]
    public required long Issued { get; init; }

    public required long Open { get; init; }

    public required long Passed { get; init; }

    [Description("A factor was tried and failed, and none was given in time.")]
    public required long Failed { get; init; }

    [Description("Nothing was tried in time.")]
    public required long Abandoned { get; init; }

    [Description("Of those issued: asked for by an evaluation or a proxy.")]
    public required long Asked { get; init; }

    [Description("Of those issued: seen in an event.")]
    public required long Seen { get; init; }

    [Description("Of those issued: people said safe of the event.")]
    public required long LabelledSafe { get; init; }

    [Description("Of those issued: people said compromised of the event.")]
    public required long LabelledCompromised { get; init; }

    [Description("Successful logins.")]
    public required long Logins { get; init; }

    [Description("Successful logins less the events that people called compromised: the denominator.")]
    public required long HonestLogins { get; init; }

    [Description("Challenges that were passed and not called compromised, and others that people called safe.")]
    public required long FalseChallenges { get; init; }

    [Description("false_challenges for each honest login; null where there was none.")]
    public required double? FalseChallengeRate { get; init; }

    [Description("The same if everybody who failed or gave up, and of whom nobody said anything, was honest too and would have logged in.")]
    public required double? FalseChallengeRateAtMost { get; init; }

    public static ChallengeReport Of(ChallengeCounts counts, int day)
    {
        long Count(Func<ChallengeCount, bool> isMeant) => counts.Challenges.Where(isMeant).Sum(each => each.Count);
        var honest = Math.Max(0, counts.Logins - counts.Compromised);
        var wrong = Count(each => each.Outcome == ChallengeOutcome.Passed ? each.Label != FeedbackLabel.Compromised : each.Label == FeedbackLabel.Safe);
        var unknown = Count(each => each.Outcome is ChallengeOutcome.Failed or ChallengeOutcome.Abandoned && each.Label is null);
        return new ChallengeReport
        {
            Since = counts.FirstDay is { } first ? DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(Math.Max(first, day)) : null,
            Issued = Count(_ => true),
            Open = Count(each => each.Outcome == ChallengeOutcome.Open),
            Passed = Count(each => each.Outcome == ChallengeOutcome.Passed),
            Failed = Count(each => each.Outcome == ChallengeOutcome.Failed),
            Abandoned = Count(each => each.Outcome == ChallengeOutcome.Abandoned),
            Asked = Count(each => each.Origin == ChallengeOrigin.Asked),
            Seen = Count(each => each.Origin == ChallengeOrigin.Seen),
            LabelledSafe = Count(each => each.Label == FeedbackLabel.Safe),
            LabelledCompromised = Count(each => each.Label == FeedbackLabel.Compromised),
            Logins = counts.Logins,
            HonestLogins = honest,
            FalseChallenges = wrong,
            FalseChallengeRate = Rate(wrong, honest),
            FalseChallengeRateAtMost = Rate(wrong + unknown, honest + unknown),
        };
    }

    /// <summary>One sentence for people.</summary>
    public override string ToString()
    {
        if (Issued == 0) return Since is null ? "nobody was challenged yet" : string.Create(CultureInfo.InvariantCulture, $"nobody was challenged since {Since:yyyy-MM-dd}, in {Logins} logins");
        var rate = FalseChallengeRate is { } least
            ? string.Create(CultureInfo.InvariantCulture, $"{least:P2} of {HonestLogins} honest logins met a false challenge, {FalseChallengeRateAtMost:P2} if all who gave up were honest")
            : "no honest login is known, so there is no rate";
        return string.Create(CultureInfo.InvariantCulture, $"since {Since:yyyy-MM-dd} {Issued} issued, {Passed} passed, {Failed} failed, {Abandoned} abandoned, {Open} open; {rate}");
    }

    private static double? Rate(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 6);
}
