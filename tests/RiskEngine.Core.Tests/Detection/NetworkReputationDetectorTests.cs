using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class NetworkReputationDetectorTests
{
    private readonly NetworkReputationSettings _settings = new();
    private readonly NetworkReputationDetector _detector = new(new NetworkReputationSettings());

    [Fact]
    public void A_network_never_seen_says_nothing() => Assert.Null(Some.Login().Detect(_detector));

    [Fact]
    public void Five_failures_of_neighbours_are_forgiven_and_ten_are_the_worst()
    {
        Assert.Null(Some.Login().NetworkFailed(5, secondsAgo: 0).Detect(_detector));
        Assert.Equal(_settings.Evidence, Some.Login().NetworkFailed(10, secondsAgo: 0).Detect(_detector)!.Value.Evidence, 6);
    }

    [Fact]
    public void What_the_address_itself_did_is_not_counted_again() => Assert.Null(Some.Login().AddressFailed(60).Detect(_detector));

    [Fact]
    public void Successes_of_neighbours_speak_a_little_for_it() =>
        Assert.Equal(-_settings.GoodEvidence, Some.Login().NetworkSucceeded(10).Detect(_detector)!.Value.Evidence, 3);

    [Fact]
    public void A_network_says_less_than_an_address() =>
        Assert.True(_settings.Evidence < new AddressReputationSettings().Evidence && _settings.GoodEvidence < new AddressReputationSettings().GoodEvidence);

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).NetworkFailed(20).Detect(_detector));
}
