using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Core.Tests.Scoring;

public sealed class FusionFitTests
{
    private static readonly ScoringSettings Scoring = new();

    [Fact]
    public void A_signal_that_says_half_of_what_is_true_is_given_more_and_one_that_says_too_much_less()
    {
        // Logins that say nothing are attacks at the prior. Of those that say "brute force" by 1 nat the odds are those of 1.5; "tor" by 2 nats has those of 1.4.
        var samples = new FusionSamples();
        foreach (var (code, evidence, worth) in new[] { (SignalCode.BruteForce, 1.0, 1.5), (SignalCode.TorExit, 2.0, 1.4), (SignalCode.FeedHit, 1.0, 1.0) }) AddAt(samples, code, evidence, Scoring.Prior + worth, 40_000);
        AddAt(samples, SignalCode.None, 0, Scoring.Prior, 400_000);
        var fit = FusionFit.Run(samples, Scoring, new FusionFitSettings { HasOwnBaseRate = true, Ridge = 0.001 });
        Assert.Equal(1.5, fit.Weights[SignalCode.BruteForce].For, 2);
        Assert.Equal(0.7, fit.Weights[SignalCode.TorExit].For, 2);
        Assert.Equal(1, fit.Weights[SignalCode.FeedHit].For, 2);
        Assert.True(fit.After < fit.Before);
    }

    [Fact]
    public void What_was_never_seen_keeps_its_weight()
    {
        var samples = new FusionSamples();
        AddAt(samples, SignalCode.BruteForce, 1, 0, 500);
        var fit = FusionFit.Run(samples, Scoring, new FusionFitSettings { HasOwnBaseRate = true });
        Assert.Equal(new SignalWeight(1, 1), fit.Weights[SignalCode.HoneyAccount]);
        Assert.Equal(NoveltyCurves.Even.Device, fit.Weights.Curves.Device);
    }

    [Fact]
    public void No_number_of_labels_moves_a_weight_beyond_its_reach()
    {
        var samples = new FusionSamples();
        for (var i = 0; i < 20_000; i++) samples.Add(Records((SignalCode.NewDevice, 2), (SignalCode.FeedHit, 3)), isAttack: false, 1);
        for (var i = 0; i < 200; i++) samples.Add(Records((SignalCode.BruteForce, 1)), isAttack: true, 1);
        var fit = FusionFit.Run(samples, Scoring, new FusionFitSettings { Reach = 1.5 });
        Assert.Equal(1 / 1.5, fit.Weights[SignalCode.FeedHit].For, 9);
        Assert.Equal(1 / 1.5, fit.Weights[SignalCode.NewDevice].For, 9);
        Assert.Equal(1.5, fit.Weights[SignalCode.BruteForce].For, 9);
    }

    [Fact]
    public void The_curve_of_the_device_finds_where_evidence_says_too_much()
    {
        // A nat up to one is worth two, what is beyond is worth a half.
        var samples = new FusionSamples();
        foreach (var (nats, worth) in new[] { (0.5, 1.0), (1.0, 2.0), (2.0, 2.5), (3.0, 3.0), (-1.0, -1.0) }) AddAt(samples, nats > 0 ? SignalCode.NewDevice : SignalCode.KnownDevice, nats, worth, 20_000);
        var fit = FusionFit.Run(samples, Scoring, new FusionFitSettings { FitsCurves = true, HasOwnBaseRate = true, Ridge = 0.001 });
        Assert.Equal(2, fit.Weights.Curves.Device[3], 1);
        Assert.Equal(0.5, fit.Weights.Curves.Device[4], 1);
        Assert.Equal(0.5, fit.Weights.Curves.Device[5], 1);
        Assert.Equal(new SignalWeight(1, 1), fit.Weights[SignalCode.NewDevice]);
    }

    [Fact]
    public void The_same_samples_give_the_same_weights()
    {
        var samples = new FusionSamples();
        AddAt(samples, SignalCode.BruteForce, 1.5, -1, 300);
        AddAt(samples, SignalCode.NewAsn, 1.2, -2, 300);
        var settings = new FusionFitSettings { FitsCurves = true };
        Assert.Equal(FusionFit.Run(samples, Scoring, settings).Weights.Factors, FusionFit.Run(samples, Scoring, settings).Weights.Factors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_sided_labels_fit_nothing(bool isAttack)
    {
        var samples = new FusionSamples();
        samples.Add(Records((SignalCode.BruteForce, 1)), isAttack, 1);
        Assert.Throws<ArgumentException>(() => FusionFit.Run(samples, Scoring, new FusionFitSettings()));
    }

    /// <summary>Samples that say one thing and are attacks as often as those log-odds tell.</summary>
    private static void AddAt(FusionSamples samples, SignalCode code, double evidence, double logOdds, double count)
    {
        var chance = 1 / (1 + Math.Exp(-logOdds));
        samples.Add(Records((code, evidence)), true, count * chance);
        samples.Add(Records((code, evidence)), false, count * (1 - chance));
    }

    private static SignalRecord[] Records(params (SignalCode Code, double Evidence)[] said) => [.. said.Select(signal => new SignalRecord(signal.Code, 0, signal.Evidence, 0, 0, 0, default))];
}
