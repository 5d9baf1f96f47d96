using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Core.Tests.Scoring;

public sealed class LabelSharesTests
{
    [Fact]
    public void A_few_labels_count_in_full() => Assert.Equal([1, 1, 1], LabelShares.Of([(1, "anna"), (1, "anna"), (2, "ben")]));

    [Fact]
    public void All_that_is_said_of_one_subject_counts_three()
    {
        var shares = LabelShares.Of([.. Enumerable.Range(0, 12).Select(i => (7UL, $"admin{i}")), (8, "admin0")]);
        Assert.Equal(LabelShares.MostOfSubject, shares.Take(12).Sum(), 9);
        Assert.Equal(1, shares[12]);
    }

    [Fact]
    public void One_persons_clicks_cannot_outweigh_what_others_say()
    {
        // Twenty administrators find tor exits to be attackers and other logins safe; one person calls ten thousand tor exits safe.
        List<(ulong Subject, string Who, bool IsTor, bool IsAttack)> labels =
        [
            .. Enumerable.Range(0, 20).Select(i => ((ulong)i, $"admin{i}", true, true)),
            .. Enumerable.Range(20, 20).Select(i => ((ulong)i, $"admin{i - 20}", false, false)),
            .. Enumerable.Range(100, 10_000).Select(i => ((ulong)i, "mallory", true, false)),
        ];
        var shares = LabelShares.Of([.. labels.Select(label => (label.Subject, label.Who))]);
        Assert.Equal(LabelShares.MostOfPerson, shares.Skip(40).Sum(), 6);

        var others = Fit(labels[..40], shares);
        var bounded = Fit(labels, shares);
        var unbounded = Fit(labels, [.. shares.Select(_ => 1.0)]);
        Assert.True(others > 1, $"{others}");
        Assert.True(bounded > 1, $"{bounded} with mallory, {others} without");
        Assert.True(unbounded < bounded, $"{unbounded} where every click counts");
    }

    private static double Fit(List<(ulong Subject, string Who, bool IsTor, bool IsAttack)> labels, double[] shares)
    {
        var samples = new FusionSamples();
        for (var i = 0; i < labels.Count; i++) samples.Add(labels[i].IsTor ? [new SignalRecord(SignalCode.TorExit, 0, 2, 0, 0, 0, default)] : [], labels[i].IsAttack, shares[i]);
        return FusionFit.Run(samples, new ScoringSettings(), new FusionFitSettings { Ridge = 5, Reach = 1.5, HasOwnBaseRate = true }).Weights[SignalCode.TorExit].For;
    }
}
