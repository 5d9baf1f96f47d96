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
    public void One_persons_clicks_cannot_switch_a_signal_off()
    {
        // Ten thousand times "safe" by one person against a few labels of others: the tor exits of everybody else still count more than half.
        List<(ulong Subject, string Who)> labels = [.. Enumerable.Range(0, 10_000).Select(i => ((ulong)i, "mallory")), .. Enumerable.Range(0, 10).Select(i => (100_000UL + (ulong)i, $"admin{i}"))];
        var shares = LabelShares.Of(labels);
        Assert.Equal(LabelShares.MostOfPerson, shares.Take(10_000).Sum(), 6);
        var samples = new FusionSamples();
        for (var i = 0; i < labels.Count; i++) samples.Add([new SignalRecord(SignalCode.TorExit, 0, 2, 0, 0, 0, default)], isAttack: i >= 10_000, shares[i]);
        var fit = FusionFit.Run(samples, new ScoringSettings(), new FusionFitSettings { Ridge = 20, Reach = 1.5, HasOwnBaseRate = true });
        Assert.InRange(fit.Weights[SignalCode.TorExit].For, 1 / 1.5, 1.5);
    }
}
