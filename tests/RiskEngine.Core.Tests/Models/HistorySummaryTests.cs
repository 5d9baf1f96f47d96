using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class HistorySummaryTests
{
    private static readonly PastLogin Login = new()
    {
        At = 1000,
        AddressUnit = IpAddress.Parse("192.0.2.1").Unit,
        Asn = 1,
        Country = CountryCode.Parse("DE"),
        DeviceId = 2,
        UserAgent = 3,
        Browser = 4,
        Os = 5,
        DeviceClass = 1,
        Session = 6,
    };

    [Fact]
    public void A_login_like_an_earlier_one_shares_everything_with_it()
    {
        var summary = HistorySummary.Of([Login with { At = 900 }], Login);
        Assert.Equal((1, 1, 1, 1), (summary.SameAddress, summary.SameNetwork, summary.SameAsn, summary.SameCountry));
        Assert.Equal((1, 1, 1, 1, 1), (summary.SameDeviceId, summary.SameUserAgent, summary.SamePlatform, summary.SameOs, summary.SameSession));
        Assert.Equal((1, 1, 1, 1, 1), (summary.WithAddress, summary.WithUserAgent, summary.WithCountry, summary.WithAsn, summary.WithDeviceId));
        Assert.Equal((0, 0), (summary.Previous, summary.PreviousWithLocation));
    }

    [Fact]
    public void The_first_login_from_the_address_is_told()
    {
        var elsewhere = Login with { AddressUnit = IpAddress.Parse("198.51.100.1").Unit };
        Assert.Equal(800u, HistorySummary.Of([elsewhere with { At = 700 }, Login with { At = 800 }, Login with { At = 900 }], Login).FirstAtAddress);
        Assert.Equal(0u, HistorySummary.Of([elsewhere with { At = 700 }], Login).FirstAtAddress);
    }

    [Fact]
    public void What_is_not_known_is_the_same_as_nothing()
    {
        var unknown = new PastLogin { At = 1000, Latitude = PastLogin.NoLocation };
        var summary = HistorySummary.Of([unknown with { At = 900 }], unknown);
        Assert.Equal((0, 0, 0, 0), (summary.SameAddress, summary.SameNetwork, summary.SameAsn, summary.SameCountry));
        Assert.Equal((0, 0, 0, 0, 0), (summary.SameDeviceId, summary.SameUserAgent, summary.SamePlatform, summary.SameOs, summary.SameSession));
        Assert.Equal((0, 0, 0, 0, 0), (summary.WithAddress, summary.WithUserAgent, summary.WithCountry, summary.WithAsn, summary.WithDeviceId));
        Assert.Equal((0, -1), (summary.Previous, summary.PreviousWithLocation));
    }

    [Fact]
    public void The_previous_login_is_the_nearest_before_and_not_one_after()
    {
        var summary = HistorySummary.Of([Login with { At = 800 }, Login with { At = 900, Latitude = PastLogin.NoLocation }, Login with { At = 1001 }], Login);
        Assert.Equal((1, 0), (summary.Previous, summary.PreviousWithLocation));
    }

    [Fact]
    public void Habits_are_counted_by_kind_of_network()
    {
        var summary = HistorySummary.Of(
            [Login with { Traits = LoginTraits.Tor }, Login with { Traits = LoginTraits.Vpn | LoginTraits.DataCentre }, Login with { Traits = LoginTraits.Mobile }],
            Login);
        Assert.Equal((2, 1, 1, 1), (summary.OnVpn, summary.OnTor, summary.OnDataCentre, summary.OnMobile));
    }
}
