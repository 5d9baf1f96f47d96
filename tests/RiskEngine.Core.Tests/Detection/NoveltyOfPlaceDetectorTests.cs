using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

/// <summary>New address, new system and new country: three detectors that share what the likelihood ratio says.</summary>
public sealed class NoveltyOfPlaceDetectorTests
{
    private readonly NewAddressDetector _address = new(new NewAddressSettings());
    private readonly NewAsnDetector _asn = new(new NewAsnSettings());
    private readonly NewCountryDetector _country = new(new NewCountrySettings());

    private IDetector[] All => [_address, _asn, _country];

    private static double Of(LoginBuilder login, IDetector detector) => login.Detect(detector)?.Evidence ?? 0;

    private double Sum(LoginBuilder login) => All.Sum(detector => Of(login, detector));

    [Fact]
    public void At_home_nothing_is_new() => Assert.All(All, detector => Assert.Null(Some.EstablishedLogin().Detect(detector)));

    [Fact]
    public void The_farther_the_more()
    {
        double[] evidence = [.. new[] { Place.Home, Place.Renumbered, Place.Cafe, Place.Lisbon }.Select(place => Sum(Some.EstablishedLogin().From(place)))];
        Assert.Equal(evidence.Order(), evidence);
        Assert.InRange(evidence[2], 0.5, 4);
        Assert.InRange(evidence[3], evidence[2] + 0.5, 7);
    }

    [Fact]
    public void A_minute_after_the_last_login_a_new_address_says_much_and_after_a_month_nothing()
    {
        var soon = Of(Some.EstablishedLogin().Previously(TimeSpan.FromSeconds(40)).From(Place.Renumbered), _address);
        var month = Some.Login();
        for (var day = 40; day < 60; day++) month.Previously(TimeSpan.FromDays(day));
        Assert.InRange(soon, 2, 4);
        Assert.InRange(Of(month.From(Place.Renumbered), _address), 0, 0.3);
    }

    [Fact]
    public void A_subject_without_history_meets_nothing_new() => Assert.All(All, detector => Assert.Null(Some.Login().From(Place.Lisbon).Detect(detector)));

    [Fact]
    public void What_the_event_does_not_carry_is_not_new() => Assert.All(All, detector => Assert.Null(Some.EstablishedLogin().From(Place.None).Detect(detector)));

    [Fact]
    public void What_the_history_does_not_carry_is_not_new() =>
        Assert.All(All, detector => Assert.Null(Some.Login().WithHistory(30, Place.None).From(Place.Lisbon).Detect(detector)));

    [Fact]
    public void Where_a_fact_is_missing_the_nearest_place_that_is_possible_counts()
    {
        Assert.Null(Some.EstablishedLogin().From(Place.Cafe with { Asn = 0 }).Detect(_asn));
        Assert.Null(Some.EstablishedLogin().From(Place.Lisbon with { Country = "" }).Detect(_country));
    }

    [Fact]
    public void Tor_and_relays_are_nowhere() => Assert.All(All, detector =>
    {
        Assert.Null(Some.EstablishedLogin().From(Place.Tor).Detect(detector));
        Assert.Null(Some.EstablishedLogin().From(Place.Relay).Detect(detector));
    });

    [Fact]
    public void Next_door_is_no_new_address() => Assert.Null(Some.EstablishedLogin().From(Place.NextDoor).Detect(_address));

    [Fact]
    public void A_phone_that_leaves_its_wireless_network_is_less_news()
    {
        var fixedLine = Place.Carrier with { Networks = default };
        Assert.Equal(Of(Some.EstablishedLogin().From(fixedLine), _asn) * new NewAsnSettings().MobileShare, Of(Some.EstablishedLogin().From(Place.Carrier), _asn), 6);
    }

    [Fact]
    public void A_country_chosen_in_a_VPN_counts_half() => Assert.Equal(
        Of(Some.EstablishedLogin().From(Place.Vpn with { Country = "SE", Networks = default }), _country) / 2,
        Of(Some.EstablishedLogin().From(Place.Vpn with { Country = "SE" }), _country),
        6);

    [Fact]
    public void A_known_autonomous_system_may_span_countries() =>
        Assert.Null(Some.EstablishedLogin().From(Place.Lisbon with { Asn = Place.Home.Asn }).Detect(_country));

    [Fact]
    public void The_better_the_subject_is_known_the_more_a_new_country_says()
    {
        double[] evidence = [.. new[] { 1, 3, 7, 15, 30 }.Select(logins => Sum(Some.Login().WithHistory(logins, Place.Home).From(Place.Lisbon)))];
        Assert.Equal(evidence.Order(), evidence);
        Assert.True(evidence[0] > 0.5, string.Join(' ', evidence));
    }

    [Fact]
    public void A_traveller_is_forgiven_what_a_homebody_is_not()
    {
        var traveller = Some.Login();
        for (var trip = 0; trip < 10; trip++)
        {
            traveller.Previously(TimeSpan.FromDays(2 + trip), Place.Tokyo with { Address = $"203.0.{trip}.9", Country = $"A{(char)('A' + trip)}", Asn = 64600 + (uint)trip });
        }

        var homebody = Some.Login().WithHistory(10);
        var (forgiven, held) = (Sum(traveller.From(Place.Lisbon)), Sum(homebody.From(Place.Lisbon)));
        Assert.True(forgiven < held - 0.5, $"{forgiven} {held}");
    }

    [Fact]
    public void The_parts_stay_within_their_bounds() => Assert.Equal(0.3, Of(Some.EstablishedLogin().From(Place.Lisbon), new NewCountryDetector(new NewCountrySettings { Evidence = 0.3 })));
}
