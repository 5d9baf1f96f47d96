using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class RareFirstNetworkDetectorTests
{
    private readonly RareFirstNetworkSettings _settings = new();
    private readonly RareFirstNetworkDetector _detector = new(new RareFirstNetworkSettings());

    [Theory, InlineData(1f), InlineData(0.5f), InlineData(0.14f)]
    public void Where_one_first_login_in_seven_comes_from_it_is_silent(float tail) => Assert.Null(Newcomer(tail).Detect(_detector));

    [Fact]
    public void The_rarer_the_more_up_to_its_bound_which_is_less_than_a_challenge_takes()
    {
        double[] evidence = [.. new[] { 0.13f, 0.05f, 0.014f, 0.009f, 0.001f, 1e-9f }.Select(tail => Newcomer(tail).Detect(_detector)!.Value.Evidence)];
        Assert.Equal(evidence.Order(), evidence);
        Assert.Equal(Math.Log(10), evidence[2], 5);
        Assert.Equal((_settings.Evidence, _settings.Evidence), (evidence[4], evidence[5]));
        var scorer = new Scorer(new ScoringSettings());
        Assert.Equal(RiskLevel.Medium, scorer.LevelOf(RiskScore.FromLogOdds(scorer.Settings.Prior + evidence[^1])));
    }

    [Fact]
    public void Whoever_has_a_history_is_held_against_that() =>
        Assert.Null(Some.EstablishedLogin().FirstOfNetworksAsRareAs(0.001f).Detect(_detector));

    [Fact]
    public void Failures_other_events_and_unknown_systems_draw_nothing()
    {
        Assert.Null(Newcomer(0.001f).Failed().Detect(_detector));
        Assert.Null(Newcomer(0.001f).OfKind(EventKind.SessionSeen).Detect(_detector));
        Assert.Null(Newcomer(0.001f).From(Place.Lisbon with { Asn = 0 }).Detect(_detector));
        Assert.NotNull(Newcomer(0.001f).OfKind(EventKind.LoginAttempt).Detect(_detector));
    }

    [Fact]
    public void The_reason_has_numbers() => Assert.Equal(
        "first login from AS64502, as rare here as networks of 0.4% of first logins", SignalReasons.Text(new SignalRecord(SignalCode.RareFirstNetwork, 1, 1, 64502, 0.4, 0, default)));

    private static LoginBuilder Newcomer(float tail) => Some.Login().From(Place.Lisbon).FirstOfNetworksAsRareAs(tail);
}
