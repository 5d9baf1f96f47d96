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

    [Fact]
    public void Every_field_is_counted_as_if_it_were_compared_by_itself()
    {
        var random = new Random(17);
        for (var round = 0; round < 2000; round++)
        {
            var history = Enumerable.Range(0, random.Next(SubjectProfile.Capacity + 1)).Select(_ => AnyLogin(random)).OrderBy(past => past.At).ToArray();
            var login = AnyLogin(random);
            var summary = HistorySummary.Of(history, login);
            int Same(Func<PastLogin, ulong> field) => field(login) == 0 ? 0 : history.Count(past => field(past) == field(login));
            int With(Func<PastLogin, ulong> field) => history.Count(past => field(past) != 0);
            int On(LoginTraits traits) => history.Count(past => (past.Traits & traits) != LoginTraits.None);

            Assert.Equal(history.Length, summary.Count);
            Assert.Equal(Same(past => past.AddressUnit), summary.SameAddress);
            Assert.Equal(Same(past => past.AddressUnit) == 0 ? 0 : history.First(past => past.AddressUnit == login.AddressUnit).At, summary.FirstAtAddress);
            Assert.Equal(login.AddressUnit == 0 ? 0 : history.Count(past => past.AddressUnit != 0 && NetworkText(past.AddressUnit) == NetworkText(login.AddressUnit)), summary.SameNetwork);
            Assert.Equal(Same(past => past.Asn), summary.SameAsn);
            Assert.Equal(Same(past => past.Country.Value), summary.SameCountry);
            Assert.Equal(Same(past => past.DeviceId), summary.SameDeviceId);
            Assert.Equal(Same(past => past.UserAgent), summary.SameUserAgent);
            Assert.Equal(Same(past => past.Session), summary.SameSession);
            Assert.Equal(Same(past => past.Application), summary.SameApplication);
            Assert.Equal(Same(past => past.Os), summary.SameOs);
            Assert.Equal(
                login.UserAgent == 0 ? 0 : history.Count(past => (past.Browser, past.Os, past.DeviceClass) == (login.Browser, login.Os, login.DeviceClass)), summary.SamePlatform);
            Assert.Equal(With(past => past.AddressUnit), summary.WithAddress);
            Assert.Equal(With(past => past.Asn), summary.WithAsn);
            Assert.Equal(With(past => past.Country.Value), summary.WithCountry);
            Assert.Equal(With(past => past.DeviceId), summary.WithDeviceId);
            Assert.Equal(With(past => past.UserAgent), summary.WithUserAgent);
            Assert.Equal(With(past => past.Application), summary.WithApplication);
            Assert.Equal(
                (On(LoginTraits.Tor), On(LoginTraits.Tor | LoginTraits.Vpn), On(LoginTraits.DataCentre), On(LoginTraits.Mobile)),
                (summary.OnTor, summary.OnVpn, summary.OnDataCentre, summary.OnMobile));
            Assert.Equal(Array.FindLastIndex(history, past => past.At <= login.At), summary.Previous);
            Assert.Equal(Array.FindLastIndex(history, past => past.At <= login.At && past.HasLocation), summary.PreviousWithLocation);
            Assert.Equal(history.Sum(past => NearHour(past.At, login.At)), summary.SameHour, 4);
        }
    }

    /// <summary>A login whose fields have few different values, none among them, so that much agrees and much is missing.</summary>
    private static PastLogin AnyLogin(Random random)
    {
        ulong Any(params ulong[] values) => values[random.Next(values.Length)];
        return new PastLogin
        {
            At = (uint)(1_700_000_000 + random.Next(20 * 86_400)),
            AddressUnit = Any(0, 1, 0x2001_0DB8_0001_0001, 0x2001_0DB8_0001_0002, 0x2001_0DB8_0002_0001, 0xFFFF_C000_0201, 0xFFFF_C000_0202, 0xFFFF_C000_0301, 0x1_0000_0000),
            Session = Any(0, 1, 2, 1UL << 32),
            Asn = (uint)Any(0, 1, 2, uint.MaxValue),
            DeviceId = (uint)Any(0, 1, 2, 0x8000_0000),
            UserAgent = (uint)Any(0, 1, 2, 0xFFFF),
            Country = new CountryCode((ushort)Any(0, 0x4445, 0x4652)),
            Latitude = (short)Any(5, unchecked((ulong)PastLogin.NoLocation)),
            Traits = (LoginTraits)random.Next(256),
            Application = (ushort)Any(0, 1, ushort.MaxValue),
            Browser = (byte)Any(0, 1, 2),
            Os = (byte)Any(0, 1, 2),
            DeviceClass = (byte)Any(0, 1),
            Novelty = (byte)random.Next(256),
        };
    }

    private static string NetworkText(ulong unit) => unit >> 32 == 0xFFFF ? $"v4 {(uint)unit >> 8}" : $"v6 {unit >> 16}";

    private static double NearHour(uint past, uint now)
    {
        var apart = Math.Abs((past % 86_400.0) - (now % 86_400.0));
        return Math.Max(1 - (Math.Min(apart, 86_400 - apart) / 10_800), 0);
    }
}
