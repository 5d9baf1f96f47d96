using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class StolenSessionDetectorTests
{
    private readonly StolenSessionSettings _settings = new();
    private readonly StolenSessionDetector _detector = new(new StolenSessionSettings());

    private const ulong Session = 77;

    [Fact]
    public void A_cookie_on_another_device_in_another_network_is_full_evidence() =>
        Assert.Equal((_settings.Evidence, 1.0), Read(Begun().On(Device.Strange).From(Place.Cafe)));

    [Fact]
    public void A_cookie_on_another_device_in_the_house_is_half() =>
        Assert.Equal((_settings.Evidence * _settings.DeviceShare, 2.0), Read(Begun().On(Device.Strange)));

    [Fact]
    public void A_laptop_that_leaves_its_network_says_nothing() => Assert.Null(Begun().From(Place.Cafe).Detect(_detector));

    [Fact]
    public void The_same_laptop_in_another_country_says_a_little() =>
        Assert.Equal((_settings.Evidence * _settings.CountryShare, 3.0), Read(Begun().From(Place.Lisbon)));

    [Fact]
    public void An_updated_browser_is_no_other_device() => Assert.Null(Begun().On(Device.UpdatedLaptop).Detect(_detector));

    [Fact]
    public void Other_sessions_and_other_events_are_not_its_business()
    {
        Assert.Null(Begun().InSession(78).On(Device.Strange).From(Place.Cafe).Detect(_detector));
        Assert.Null(Begun().InSession(0).On(Device.Strange).From(Place.Cafe).Detect(_detector));
        Assert.Null(Begun().On(Device.Strange).From(Place.Cafe).OfKind(EventKind.Login).Detect(_detector));
    }

    private static LoginBuilder Begun() =>
        Some.Login().WithHistory(5).Previously(TimeSpan.FromHours(3), session: Session).OfKind(EventKind.SessionSeen).InSession(Session);

    private (double, double) Read(LoginBuilder login) => login.Detect(_detector) is { } signal ? (signal.Evidence, signal.A) : default;
}
