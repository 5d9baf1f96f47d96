using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class PairReputationDetectorTests
{
    private readonly PairReputationSettings _settings = new();
    private readonly PairReputationDetector _detector = new(new PairReputationSettings());

    [Fact]
    public void A_pair_never_seen_says_nothing() => Assert.Null(Some.Login().Detect(_detector));

    [Fact]
    public void Three_failures_are_forgiven_and_eight_are_the_worst()
    {
        Assert.Null(Some.Login().PairFailed(3).Detect(_detector));
        Assert.Equal(_settings.Evidence, Some.Login().PairFailed(8).Detect(_detector)!.Value.Evidence, 6);
    }

    [Fact]
    public void Successes_speak_for_it() => Assert.Equal(-_settings.GoodEvidence, Some.Login().PairSucceeded(6).Detect(_detector)!.Value.Evidence, 3);

    [Fact]
    public void Typos_on_the_own_device_are_not_held_against_anybody() => Assert.Null(Some.EstablishedLogin().PairFailed(8).Detect(_detector));

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).PairFailed(20).Detect(_detector));
}
