using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.Scoring;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class FleetAttackDetectorTests
{
    private readonly FleetAttackSettings _settings = new();
    private readonly FleetAttackDetector _detector = new(new FleetAttackSettings());

    [Theory]
    [InlineData(AttackKinds.None, false), InlineData(AttackKinds.PasswordSpray, true), InlineData(AttackKinds.NetworkSpray | AttackKinds.FailureSurge, true)]
    [InlineData(AttackKinds.FailureSurge | AttackKinds.NewAddressSurge, false)]
    public void It_speaks_under_attack_and_not_for_surges(AttackKinds attacks, bool speaks) =>
        Assert.Equal(speaks, Stranger().While(attacks).AddressFailed(1).Detect(_detector) is not null);

    [Fact]
    public void The_address_counts_in_full_the_network_and_the_system_in_part()
    {
        Assert.Equal((_settings.Evidence, 1.0, 1.0), Numbers(Attacked().AddressFailed(1)));
        Assert.Equal((_settings.Evidence * _settings.NetworkShare, 2.0, 2.0), Numbers(Attacked().NetworkFailed(2)));
        Assert.Equal((_settings.Evidence * _settings.AsnShare, 10.0, 3.0), Numbers(Attacked().AsnFailed(10)));
    }

    [Fact]
    public void One_name_less_is_none_of_it()
    {
        Assert.Null(Attacked().Detect(_detector));
        Assert.Null(Attacked().NetworkFailed(1).Detect(_detector));
        Assert.Null(Attacked().AsnFailed(9).Detect(_detector));
    }

    [Fact]
    public void Where_more_people_got_in_than_failed_nobody_takes_part()
    {
        Assert.Null(Attacked().AddressFailed(3).AddressSucceeded(3).Detect(_detector));
        Assert.NotNull(Attacked().AddressFailed(4).AddressSucceeded(3).Detect(_detector));
    }

    [Fact]
    public void Whoever_mistyped_before_getting_in_is_not_the_attacker()
    {
        Assert.Null(Attacked().AddressFailed(1).PairFailed(1).Detect(_detector));
        Assert.NotNull(Attacked().AddressFailed(2).PairFailed(1).Detect(_detector));
    }

    [Fact]
    public void At_home_on_the_own_device_and_in_failures_it_is_silent()
    {
        Assert.Null(Some.EstablishedLogin().While(AttackKinds.PasswordSpray).AddressFailed(9).Detect(_detector));
        Assert.Null(Attacked().KnownToSource(true).AddressFailed(9).Detect(_detector));
        Assert.Null(Attacked().Failed().AddressFailed(9).Detect(_detector));
        Assert.Null(Attacked().BehindMisreadProxy().AddressFailed(9).Detect(_detector));
    }

    [Fact]
    public void An_attack_never_lowers_a_score_and_more_failures_never_do()
    {
        var scorer = new Scorer(new ScoringSettings());
        var records = new SignalRecord[64];
        for (var names = 0; names < 40; names++)
        {
            var calm = scorer.Score(Stranger().AddressFailed(names).DetectAll(), records).LogOdds;
            var attacked = scorer.Score(Attacked().AddressFailed(names).DetectAll(), records).LogOdds;
            Assert.InRange(attacked, calm, calm + _settings.Evidence);
            Assert.InRange(scorer.Score(Attacked().AddressFailed(names + 1).DetectAll(), records).LogOdds, attacked, double.MaxValue);
        }
    }

    [Fact]
    public void The_reason_has_numbers() => Assert.Equal(
        "3 names failed from its network in an attack on the fleet", SignalReasons.Text(new SignalRecord(SignalCode.FleetAttack, 1, 1, 3, 2, 0, default)));

    private static LoginBuilder Stranger() => Some.EstablishedLogin().From(Place.Lisbon).On(Device.Strange);

    private static LoginBuilder Attacked() => Stranger().While(AttackKinds.NetworkSpray);

    private (double Evidence, double Names, double Place) Numbers(LoginBuilder login) => login.Detect(_detector) is { } signal ? (signal.Evidence, signal.A, signal.B) : default;
}
