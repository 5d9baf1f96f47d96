using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ServiceAccountNewNetworkDetectorTests
{
    private readonly ServiceAccountNewNetworkSettings _settings = new();
    private readonly ServiceAccountNewNetworkDetector _detector = new(new ServiceAccountNewNetworkSettings());

    [Fact]
    public void Machines_do_not_travel() =>
        Assert.Equal(_settings.Evidence, Some.Login().ByServiceAccount().WithHistory(3).From(Place.Lisbon).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Another_network_of_the_same_provider_is_less() =>
        Assert.Equal(_settings.Evidence * _settings.NeighbourShare, Some.Login().ByServiceAccount().WithHistory(3).From(Place.Renumbered).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void Where_its_tokens_are_used_is_a_known_system_and_elsewhere_is_not()
    {
        Assert.Equal(_settings.Evidence, Some.Login().ByServiceAccount().TokenUsedFrom(Place.Home.Asn).From(Place.Lisbon).Detect(_detector)!.Value.Evidence);
        Assert.Equal(_settings.Evidence * _settings.NeighbourShare, Some.Login().ByServiceAccount().TokenUsedFrom(Place.Home.Asn).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void At_home_and_next_door_it_says_nothing()
    {
        Assert.Null(Some.Login().ByServiceAccount().WithHistory(3).Detect(_detector));
        Assert.Null(Some.Login().ByServiceAccount().WithHistory(3).From(Place.NextDoor).Detect(_detector));
    }

    [Fact]
    public void People_new_accounts_and_private_addresses_are_left_alone()
    {
        Assert.Null(Some.Login().WithHistory(3).From(Place.Lisbon).Detect(_detector));
        Assert.Null(Some.Login().ByServiceAccount().From(Place.Lisbon).Detect(_detector));
        Assert.Null(Some.Login().ByServiceAccount().WithHistory(3).From(Place.Private).Detect(_detector));
    }
}
