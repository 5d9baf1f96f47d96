using FsCheck;
using FsCheck.Fluent;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Core.Tests.Scoring;

public sealed class NoveltyCurvesTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly NoveltyCurves Bent = new([1, 0.25, 2, 0.5, 0.25, 1], [1, 0.5, 3, 0.25, 1, 2], [2, 1, 0]);

    private static readonly SignalCode[] Parts =
        [SignalCode.KnownDevice, SignalCode.NewDevice, SignalCode.KnownAddress, SignalCode.NewAddress, SignalCode.NewAsn, SignalCode.NewCountry, SignalCode.ImpossibleTravel, SignalCode.FeedHit];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.25)]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.75)]
    [InlineData(3, 1.75)]
    [InlineData(10, 8.75)]
    [InlineData(-1, -2)]
    [InlineData(-2, -2.25)]
    [InlineData(-4, -4.25)]
    [InlineData(-6, -6.25)]
    public void A_curve_adds_up_its_pieces_from_zero(double nats, double value) => Assert.Equal(value, new MonotoneCurve(NoveltyCurves.Knots, Bent.Device)[nats], 12);

    [Fact]
    public void The_even_curves_change_nothing()
    {
        foreach (var (device, place) in new[] { (2.5, -3.0), (7, 0.1), (0, 0), (-5.5, -0.3) })
        {
            var factors = NoveltyCurves.Even.Factors(device, place);
            Assert.Equal(1, factors.Device, 12);
            Assert.Equal(1, factors.Place, 12);
        }
    }

    [Fact]
    public void A_new_device_in_a_new_place_counts_for_more_than_both_by_themselves()
    {
        var scorer = new Scorer(new ScoringSettings(), new FusionWeights(new Dictionary<SignalCode, SignalWeight>(), Bent));
        var device = LogOdds(scorer, (SignalCode.NewDevice, 1.5));
        var place = LogOdds(scorer, (SignalCode.NewAsn, 1), (SignalCode.NewAddress, 0.5));
        var both = LogOdds(scorer, (SignalCode.NewDevice, 1.5), (SignalCode.NewAsn, 1), (SignalCode.NewAddress, 0.5));
        Assert.Equal(2.5, both + scorer.Settings.Prior - device - place, 9);
    }

    [Fact]
    public void A_known_device_does_not_share_in_the_newness_of_a_place()
    {
        var scorer = new Scorer(new ScoringSettings(), new FusionWeights(new Dictionary<SignalCode, SignalWeight>(), Bent));
        var both = LogOdds(scorer, (SignalCode.KnownDevice, -1), (SignalCode.NewAsn, 2));
        Assert.Equal(scorer.Settings.Prior - 2 + 1.25, both, 9);
    }

    [Fact]
    public void More_evidence_never_lowers_a_score_and_contributions_add_up_whatever_the_curves()
    {
        var slope = Gen.Choose(0, 400).Select(n => n / 100.0);
        var cases =
            from device in slope.ListOf(6)
            from place in slope.ListOf(6)
            from both in slope.ListOf(3)
            from evidence in Gen.Choose(-300, 300).Select(n => n / 100.0).ListOf(Parts.Length)
            from raised in Gen.Choose(0, Parts.Length - 1)
            from more in Gen.Choose(0, 200).Select(n => n / 100.0)
            select (device, place, both, evidence, raised, more);
        Check.One(Many, Prop.ForAll(cases.ToArbitrary(), made =>
        {
            var scorer = new Scorer(new ScoringSettings(), new FusionWeights(new Dictionary<SignalCode, SignalWeight>(), new NoveltyCurves([.. made.device], [.. made.place], [.. made.both])));
            (SignalCode, double)[] before = [.. Parts.Zip(made.evidence)];
            var after = before.ToArray();
            after[made.raised].Item2 += made.more;
            return LogOdds(scorer, after) >= LogOdds(scorer, before) - 1e-9;
        }));
    }

    private static double LogOdds(Scorer scorer, params (SignalCode Code, double Evidence)[] said)
    {
        var records = new SignalRecord[said.Length];
        var result = scorer.Score([.. said.Select(signal => new Signal(signal.Code, signal.Evidence))], records);
        Assert.Equal(result.LogOdds, scorer.Settings.Prior + records.Take(result.Count).Sum(record => record.Contribution), 9);
        return result.LogOdds;
    }
}
