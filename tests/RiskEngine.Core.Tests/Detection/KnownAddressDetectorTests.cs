using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class KnownAddressDetectorTests
{
    private readonly KnownAddressSettings _settings = new();
    private readonly KnownAddressDetector _detector = new(new KnownAddressSettings());

    [Fact]
    public void Home_speaks_for_its_subject() => Assert.Equal(-_settings.Evidence, Some.EstablishedLogin().Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Next_door_speaks_for_less() =>
        Assert.Equal(-_settings.NetworkEvidence, Some.EstablishedLogin().From(Place.NextDoor).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Elsewhere_says_nothing() => Assert.Null(Some.EstablishedLogin().From(Place.Cafe).Detect(_detector));

    [Fact]
    public void Seen_once_vouches_half() => Assert.Equal(-_settings.Evidence / 2, Some.Login().WithHistory(1).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void What_many_share_vouches_for_less()
    {
        Assert.Equal(-0.5, Some.EstablishedLogin().FromSharedAddress().Detect(_detector)!.Value.Evidence);
        Assert.Equal(-0.5, Some.Login().WithHistory(5, Place.Carrier).From(Place.Carrier).Detect(_detector)!.Value.Evidence);
    }

    [Fact]
    public void Tor_vouches_for_nobody() => Assert.Null(Some.Login().WithHistory(5, Place.Tor).From(Place.Tor).Detect(_detector));

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().WithHistory(5, Place.Private).From(Place.Private).Detect(_detector));

    [Fact]
    public void An_IPv6_subscriber_is_known_by_its_64()
    {
        var here = Place.Home with { Address = "2001:db8:1:2::1", Networks = NetworkKinds.None };
        Assert.Equal(-1, Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:1:2:ffff::9" }).Detect(_detector)!.Value.Evidence);
        Assert.Equal(-0.4, Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:1:3::1" }).Detect(_detector)!.Value.Evidence);
        Assert.Null(Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:2:2::1" }).Detect(_detector));
    }
}
