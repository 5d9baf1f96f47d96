using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

/// <summary>Tor, VPN and data centre: three detectors of one pattern.</summary>
public sealed class NetworkKindDetectorTests
{
    private readonly TorExitDetector _tor = new(new TorExitSettings());
    private readonly VpnNetworkDetector _vpn = new(new VpnNetworkSettings());
    private readonly DataCentreNetworkDetector _server = new(new DataCentreNetworkSettings());

    [Fact]
    public void An_ordinary_address_says_nothing()
    {
        foreach (IDetector detector in (IDetector[])[_tor, _vpn, _server]) Assert.Null(Some.EstablishedLogin().Detect(detector));
    }

    [Fact]
    public void Each_speaks_in_full_for_a_subject_that_never_came_that_way()
    {
        Assert.Equal(1.95, Some.EstablishedLogin().From(Place.Tor).Detect(_tor)!.Value.Evidence);
        Assert.Equal(0.8, Some.EstablishedLogin().From(Place.Vpn).Detect(_vpn)!.Value.Evidence);
        Assert.Equal(1.2, Some.EstablishedLogin().From(Place.Server).Detect(_server)!.Value.Evidence);
    }

    [Theory, InlineData(1, true), InlineData(2, true), InlineData(3, false)]
    public void Three_accepted_logins_make_it_a_habit(int before, bool speaks)
    {
        Assert.Equal(speaks, Some.EstablishedLogin().WithHistory(before, Place.Tor).From(Place.Tor).Detect(_tor) is not null);
        Assert.Equal(speaks, Some.EstablishedLogin().WithHistory(before, Place.Vpn).From(Place.Vpn).Detect(_vpn) is not null);
        Assert.Equal(speaks, Some.EstablishedLogin().WithHistory(before, Place.Server).From(Place.Server).Detect(_server) is not null);
    }

    [Fact]
    public void A_habit_of_VPNs_is_no_habit_of_Tor() => Assert.NotNull(Some.EstablishedLogin().WithHistory(5, Place.Vpn).From(Place.Tor).Detect(_tor));

    [Fact]
    public void Service_accounts_live_in_data_centres_and_not_behind_Tor()
    {
        Assert.Null(Some.Login().ByServiceAccount().From(Place.Server).Detect(_server));
        Assert.Null(Some.Login().ByServiceAccount().From(Place.Vpn).Detect(_vpn));
        Assert.NotNull(Some.Login().ByServiceAccount().From(Place.Tor).Detect(_tor));
    }

    [Fact]
    public void A_privacy_relay_is_neutral_whatever_else_feeds_call_it()
    {
        var relay = Place.Relay with { Networks = NetworkKinds.Relay | NetworkKinds.Vpn | NetworkKinds.DataCentre };
        Assert.Null(Some.EstablishedLogin().From(relay).Detect(_vpn));
        Assert.Null(Some.EstablishedLogin().From(relay).Detect(_server));
    }

    [Fact]
    public void Tor_speaks_alone()
    {
        var exit = Place.Tor with { Networks = NetworkKinds.Tor | NetworkKinds.Vpn | NetworkKinds.DataCentre };
        Assert.NotNull(Some.EstablishedLogin().From(exit).Detect(_tor));
        Assert.Null(Some.EstablishedLogin().From(exit).Detect(_vpn));
        Assert.Null(Some.EstablishedLogin().From(exit).Detect(_server));
    }

    [Fact]
    public void A_misread_proxy_says_nothing() => Assert.Null(Some.EstablishedLogin().BehindMisreadProxy().From(Place.Tor).Detect(_tor));
}
