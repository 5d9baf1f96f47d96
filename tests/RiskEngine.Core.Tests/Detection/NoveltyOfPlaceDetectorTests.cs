using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

/// <summary>New address, new system and new country: three detectors of one pattern.</summary>
public sealed class NoveltyOfPlaceDetectorTests
{
    private readonly NewAddressDetector _address = new(new NewAddressSettings());
    private readonly NewAsnDetector _asn = new(new NewAsnSettings());
    private readonly NewCountryDetector _country = new(new NewCountrySettings());

    private IDetector[] All => [_address, _asn, _country];

    [Fact]
    public void At_home_nothing_is_new() => Assert.All(All, detector => Assert.Null(Some.EstablishedLogin().Detect(detector)));

    [Fact]
    public void Abroad_everything_is_new()
    {
        Assert.Equal(0.6, Some.EstablishedLogin().From(Place.Lisbon).Detect(_address)!.Value.Evidence);
        Assert.Equal(1.4, Some.EstablishedLogin().From(Place.Lisbon).Detect(_asn)!.Value.Evidence);
        Assert.Equal(2.4, Some.EstablishedLogin().From(Place.Lisbon).Detect(_country)!.Value.Evidence);
    }

    [Fact]
    public void A_subject_without_history_meets_nothing_new() => Assert.All(All, detector => Assert.Null(Some.Login().From(Place.Lisbon).Detect(detector)));

    [Fact]
    public void What_the_event_does_not_carry_is_not_new() => Assert.All(All, detector => Assert.Null(Some.EstablishedLogin().From(Place.None).Detect(detector)));

    [Fact]
    public void What_the_history_does_not_carry_is_not_new() =>
        Assert.All(All, detector => Assert.Null(Some.Login().WithHistory(30, Place.None).From(Place.Lisbon).Detect(detector)));

    [Fact]
    public void Tor_and_relays_are_nowhere() => Assert.All(All, detector =>
    {
        Assert.Null(Some.EstablishedLogin().From(Place.Tor).Detect(detector));
        Assert.Null(Some.EstablishedLogin().From(Place.Relay).Detect(detector));
    });

    [Fact]
    public void Next_door_is_no_new_address() => Assert.Null(Some.EstablishedLogin().From(Place.NextDoor).Detect(_address));

    [Fact]
    public void A_phone_that_leaves_its_wireless_network_is_little_news()
    {
        Assert.Equal(0.3, Some.EstablishedLogin().From(Place.Carrier).Detect(_address)!.Value.Evidence, 9);
        Assert.Equal(0.84, Some.EstablishedLogin().From(Place.Carrier).Detect(_asn)!.Value.Evidence, 9);
    }

    [Fact]
    public void A_country_chosen_in_a_VPN_counts_half() =>
        Assert.Equal(1.2, Some.EstablishedLogin().From(Place.Vpn with { Country = "SE" }).Detect(_country)!.Value.Evidence, 9);

    [Fact]
    public void A_country_in_a_known_autonomous_system_counts_half() =>
        Assert.Equal(1.2, Some.EstablishedLogin().From(Place.Lisbon with { Asn = Place.Home.Asn }).Detect(_country)!.Value.Evidence, 9);

    [Theory]
    [InlineData(1, 0.6)]
    [InlineData(2, 0.6)]
    [InlineData(5, 0.7472)]
    public void A_new_country_speaks_from_the_first_login_on(int logins, double weight) =>
        Assert.Equal(2.4 * weight, Some.Login().WithHistory(logins, Place.Home).From(Place.Lisbon).Detect(_country)!.Value.Evidence, 3);

    [Fact]
    public void A_traveller_is_forgiven_what_a_homebody_is_not()
    {
        var traveller = Some.Login();
        for (var trip = 0; trip < 10; trip++)
        {
            traveller.Previously(TimeSpan.FromDays(2 + trip), Place.Tokyo with { Country = $"A{(char)('A' + trip)}", Asn = 64600 + (uint)trip });
        }

        traveller.From(Place.Lisbon);
        Assert.Null(traveller.Detect(_country));
        Assert.Null(traveller.Detect(_asn));
    }

    [Fact]
    public void One_earlier_holiday_forgives_nothing() =>
        Assert.Equal(2.4, Some.EstablishedLogin().WithHistory(1, Place.Tokyo).From(Place.Lisbon).Detect(_country)!.Value.Evidence, 9);
}
