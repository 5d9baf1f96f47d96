using FsCheck;
using FsCheck.Fluent;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Core.Tests.Scoring;

public sealed class ScorerTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private readonly Scorer _scorer = new(new ScoringSettings());

    [Fact]
    public void A_login_nothing_speaks_about_scores_one()
    {
        var (result, signals) = Score();
        Assert.Equal(1, result.Score.Value, 3);
        Assert.Equal(RiskLevel.None, result.Level);
        Assert.Empty(signals);
    }

    [Fact]
    public void Within_a_group_and_sign_the_next_counts_for_less()
    {
        var (_, signals) = Score((SignalCode.NetworkSpray, 1), (SignalCode.BruteForce, 2), (SignalCode.PasswordSpray, 1.5), (SignalCode.KnownDevice, -1.5), (SignalCode.TorExit, 1));
        Assert.Equal(
            [(SignalCode.BruteForce, 2), (SignalCode.KnownDevice, -1.5), (SignalCode.PasswordSpray, 1.05), (SignalCode.TorExit, 1), (SignalCode.NetworkSpray, 0.49)],
            signals.Select(signal => (signal.Code, Math.Round(signal.Contribution, 9))));
    }

    [Fact]
    public void The_parts_of_novelty_are_made_to_add_up_and_none_is_discounted()
    {
        var (_, signals) = Score((SignalCode.NewAsn, 1), (SignalCode.NewDevice, 2), (SignalCode.NewAddress, 0.5));
        Assert.Equal([2, 1, 0.5], signals.Select(signal => signal.Contribution));
    }

    [Fact]
    public void What_is_no_usable_number_is_dropped_and_counted()
    {
        var (result, signals) = Score(
            (SignalCode.NewAsn, double.NaN), (SignalCode.NewDevice, double.PositiveInfinity), (SignalCode.TorExit, -1e300), (SignalCode.FeedHit, 0), (SignalCode.BruteForce, 1));
        Assert.Equal((3, 1), (result.Dropped, result.Count));
        Assert.Equal(SignalCode.BruteForce, Assert.Single(signals).Code);
    }

    [Theory]
    [InlineData(2.99, RiskLevel.None)]
    [InlineData(3, RiskLevel.Low)]
    [InlineData(7.99, RiskLevel.Low)]
    [InlineData(8, RiskLevel.Medium)]
    [InlineData(14.99, RiskLevel.Medium)]
    [InlineData(15, RiskLevel.High)]
    [InlineData(100, RiskLevel.High)]
    public void A_level_begins_at_its_threshold(double score, RiskLevel level) => Assert.Equal(level, _scorer.LevelOf(new RiskScore(score)));

    [Fact]
    public void A_cap_scales_a_group_down_and_the_sum_still_holds()
    {
        var settings = new ScoringSettings { Groups = new GroupsSettings { Velocity = new GroupSettings { Cap = 3 } } };
        var records = new SignalRecord[2];
        var result = new Scorer(settings).Score([new Signal(SignalCode.BruteForce, 4), new Signal(SignalCode.PasswordSpray, 5)], records);
        Assert.Equal(settings.Prior + 3, result.LogOdds, 9);
        Assert.Equal(3, records.Sum(record => record.Contribution), 9);
    }

    [Fact]
    public void Without_a_signal_the_others_of_its_group_move_up()
    {
        var (_, signals) = Score((SignalCode.NewDevice, 2.6), (SignalCode.NewCountry, 2.4), (SignalCode.TorExit, 1));
        var answers = Counterfactuals.Of(_scorer, signals);
        var without = answers.Single(answer => answer.Without == SignalCode.NewDevice);
        Assert.Equal(RiskScore.FromLogOdds(-4.595 + 2.4 + 1).Value, without.Score.Value, 9);
        Assert.Equal(signals.Select(signal => signal.Code), answers.Select(answer => answer.Without));
    }

    [Fact]
    public void Thresholds_must_rise_and_lie_in_their_range()
    {
        var fault = Assert.Throws<ArgumentException>(() => new Scorer(new ScoringSettings { Low = 30, Prior = 1, Groups = new() { List = new() { Discount = 2 } } }));
        Assert.Contains("scoring: thresholds must rise", fault.Message, StringComparison.Ordinal);
        Assert.Contains("scoring.prior", fault.Message, StringComparison.Ordinal);
        Assert.Contains("scoring.groups.list.discount", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_little_room_is_refused() =>
        Assert.Throws<ArgumentException>(() => _scorer.Score([new Signal(SignalCode.TorExit, 1)], []));

    [Fact]
    public void Prior_plus_contributions_give_the_score_back() => Check(Signals(), signals =>
    {
        var (result, records) = Score(signals);
        var logOdds = -4.595 + records.Sum(record => record.Contribution);
        return Math.Abs(result.LogOdds - logOdds) < 1e-9 && Math.Abs(result.Score.Value - (100 / (1 + Math.Exp(-logOdds)))) < 1e-9;
    });

    [Fact]
    public void A_score_is_nought_to_a_hundred() => Check(Signals(), signals => Score(signals).Result.Score.Value is >= 0 and <= 100);

    [Fact]
    public void The_order_of_signals_does_not_matter() => Check(Signals(), signals =>
    {
        var (result, records) = Score(signals);
        var (turned, turnedRecords) = Score([.. signals.Reverse()]);
        return result == turned && records.Select(Key).SequenceEqual(turnedRecords.Select(Key));
    });

    [Fact]
    public void More_evidence_never_lowers_a_score() => Check(SignalsAndChange(), given =>
    {
        var (signals, index, by) = given;
        var raised = signals.ToArray();
        raised[index % raised.Length].Evidence += Math.Abs(by);
        return Score(raised).Result.LogOdds >= Score(signals).Result.LogOdds - 1e-9;
    });

    [Fact]
    public void One_more_signal_against_a_login_never_lowers_its_score() => Check(SignalsAndChange(), given =>
    {
        var (signals, _, by) = given;
        return Score([.. signals, (SignalCode.PasswordSpray, Math.Abs(by))]).Result.LogOdds >= Score(signals).Result.LogOdds - 1e-9;
    });

    [Fact]
    public void Signals_are_listed_strongest_first() => Check(Signals(), signals =>
    {
        var records = Score(signals).Signals;
        return records.Zip(records.Skip(1)).All(pair => Math.Abs(pair.First.Contribution) >= Math.Abs(pair.Second.Contribution));
    });

    private static (SignalCode, double, double) Key(SignalRecord record) => (record.Code, record.Evidence, record.Contribution);

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => Prop.ForAll(values.ToArbitrary(), holds).Check(Many);

    private static Gen<(SignalCode Code, double Evidence)[]> Signals() =>
        Gen.ArrayOf(Gen.Elements(SignalCatalogue.All.Select(signal => signal.Code)).SelectMany(code => Evidence().Select(evidence => (code, evidence))));

    private static Gen<((SignalCode Code, double Evidence)[] Signals, int Index, double By)> SignalsAndChange() =>
        Signals().Where(signals => signals.Length > 0).SelectMany(signals => Gen.Choose(0, 1000).SelectMany(index => Evidence().Select(by => (signals, index, by))));

    /// <summary>−8 to 8 in hundredths, so that equal strengths occur.</summary>
    private static Gen<double> Evidence() => Gen.Choose(-800, 800).Select(hundredths => hundredths / 100.0);

    private (ScoringResult Result, SignalRecord[] Signals) Score(params (SignalCode Code, double Evidence)[] signals)
    {
        var records = new SignalRecord[signals.Length];
        var result = _scorer.Score([.. signals.Select(signal => new Signal(signal.Code, signal.Evidence))], records);
        return (result, records[..result.Count]);
    }
}
