using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ImpossibleTravelDetectorTests
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    private readonly ImpossibleTravelSettings _settings = new();
    private readonly ImpossibleTravelDetector _detector = new(new ImpossibleTravelSettings());

    [Fact]
    public void Berlin_to_Tokyo_in_half_an_hour_is_certain()
    {
        var signal = From(Place.Tokyo, HalfAnHour)!.Value;
        Assert.Equal(_settings.Evidence, signal.Evidence);
        Assert.InRange(signal.A, 8800, 8920);
        Assert.Equal(0.5, signal.B, 6);
        Assert.Equal(signal.A / 0.5, signal.C, 3);
    }

    [Theory, InlineData(9), InlineData(15), InlineData(24)]
    public void Berlin_to_Tokyo_by_plane_is_ordinary(double hours) => Assert.Null(From(Place.Tokyo, TimeSpan.FromHours(hours)));

    [Fact]
    public void Between_the_highest_speed_and_twice_that_the_evidence_rises() =>
        Assert.InRange(From(Place.Tokyo, TimeSpan.FromHours(6))!.Value.Evidence, 0.4 * _settings.Evidence, 0.55 * _settings.Evidence);

    [Theory, InlineData(14.8, false), InlineData(15.6, true)]
    public void Hops_under_a_hundred_kilometres_are_ignored(double longitude, bool speaks) =>
        Assert.Equal(speaks, From(Place.Cafe with { Latitude = 52.52, Longitude = longitude }, HalfAnHour / 6) is not null);

    [Fact]
    public void A_few_hundred_kilometres_may_be_a_database_at_fault() =>
        Assert.InRange(From(Place.Cafe with { Latitude = 50.11, Longitude = 8.68 }, TimeSpan.Zero)!.Value.Evidence, 1.5, 4);

    [Fact]
    public void Both_accuracy_radii_are_taken_off() => Assert.Null(From(Place.Lisbon with { AccuracyRadius = 2300 }, HalfAnHour));

    [Fact]
    public void Simultaneous_logins_have_a_finite_speed() => Assert.Equal(8875, From(Place.Tokyo, TimeSpan.Zero)!.Value.C / 12, 50.0);

    [Fact]
    public void A_late_event_is_judged_against_what_came_after_it() =>
        Assert.Equal(_settings.Evidence, Some.Login().Previously(-HalfAnHour).From(Place.Tokyo).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_late_event_that_fits_between_is_ordinary() => Assert.Null(
        Some.Login().Previously(TimeSpan.FromDays(2)).Previously(TimeSpan.FromDays(-2)).From(Place.Tokyo).Detect(_detector));

    [Fact]
    public void Without_a_place_on_either_side_nothing_is_said()
    {
        Assert.Null(From(Place.Nowhere, HalfAnHour));
        Assert.Null(Some.Login().Previously(HalfAnHour, Place.Nowhere).From(Place.Tokyo).Detect(_detector));
        Assert.Null(Some.Login().From(Place.Tokyo).Detect(_detector));
    }

    [Fact]
    public void One_session_or_one_address_does_not_travel()
    {
        Assert.Null(Some.Login().Previously(HalfAnHour, session: 9).InSession(9).From(Place.Tokyo).Detect(_detector));
        Assert.Null(From(Place.Tokyo with { Address = Place.Home.Address }, HalfAnHour));
    }

    [Fact]
    public void Tor_and_relays_are_nowhere_on_either_side()
    {
        Assert.Null(From(Place.Tor with { Longitude = 139 }, HalfAnHour));
        Assert.Null(From(Place.Relay with { Longitude = 139 }, HalfAnHour));
        Assert.Null(Some.Login().Previously(HalfAnHour, Place.Tor).From(Place.Tokyo).Detect(_detector));
    }

    [Fact]
    public void A_VPN_on_either_side_is_hardly_travel()
    {
        Assert.Equal(_settings.Evidence * _settings.HiddenShare, From(Place.Vpn with { Longitude = 139 }, HalfAnHour)!.Value.Evidence, 9);
        Assert.Equal(_settings.Evidence * _settings.HiddenShare, Some.Login().Previously(HalfAnHour, Place.Vpn).From(Place.Tokyo).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void Within_one_autonomous_system_it_is_hardly_travel_and_between_two_it_is()
    {
        var elsewhere = Place.Tokyo with { Asn = Place.Home.Asn };
        Assert.Equal(_settings.Evidence * _settings.HiddenShare, Some.Login().Previously(HalfAnHour).From(elsewhere).Detect(_detector)!.Value.Evidence, 9);
        Assert.Equal(_settings.Evidence, Some.Login().Previously(HalfAnHour).From(Place.Tokyo).Detect(_detector)!.Value.Evidence, 9);
        var unknown = Place.Tokyo with { Asn = 0 };
        Assert.Equal(_settings.Evidence, Some.Login().Previously(HalfAnHour, Place.Home with { Asn = 0 }).From(unknown).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void Mobile_carriers_locate_coarsely() => Assert.Null(From(Place.Carrier with { Latitude = 50.11, Longitude = 9.2 }, HalfAnHour / 6));

    [Theory, InlineData(1, true), InlineData(2, true), InlineData(3, false)]
    public void A_place_of_the_subjects_own_is_no_travel(int logins, bool speaks) =>
        Assert.Equal(speaks, Some.Login().WithHistory(logins, Place.Tokyo).Previously(HalfAnHour).From(Place.Tokyo).Detect(_detector) is not null);

    [Fact]
    public void A_misread_proxy_says_nothing() =>
        Assert.Null(Some.Login().Previously(HalfAnHour).BehindMisreadProxy().From(Place.Tokyo).Detect(_detector));

    private Signal? From(Place place, TimeSpan after) => Some.Login().Previously(after).From(place).Detect(_detector);
}
