using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class PasswordSprayDetectorTests
{
    private readonly PasswordSpraySettings _settings = new();
    private readonly PasswordSprayDetector _detector = new(new PasswordSpraySettings());

    [Fact]
    public void The_fifth_name_is_ordinary_and_the_sixth_is_not()
    {
        Assert.Null(Some.Login().Failed().AddressFailed(4).Detect(_detector));
        Assert.Equal(_settings.Evidence / 10, Some.Login().Failed().AddressFailed(5).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void Twenty_names_are_full_evidence() =>
        Assert.Equal(_settings.Evidence, Some.Login().Failed().From(Place.Nowhere).AddressFailed(20).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void One_name_failing_often_is_no_spray() => Assert.Null(Some.Login().Failed().AddressFailed(1, each: 500).Detect(_detector));

    [Fact]
    public void An_office_of_a_hundred_with_typos_is_quiet() => Assert.Null(Some.Login().Failed().AddressSucceeded(100).AddressFailed(25).Detect(_detector));

    [Fact]
    public void A_spray_from_that_office_is_not() =>
        Assert.InRange(Some.Login().Failed().AddressSucceeded(100).AddressFailed(80).Detect(_detector)!.Value.Evidence, 3, 5);

    [Fact]
    public void A_neighbour_on_the_own_device_is_charged_with_little() =>
        Assert.Equal(_settings.Evidence * _settings.FamiliarShare, Some.EstablishedLogin().AddressFailed(30).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void Names_are_forgotten_after_twelve_hours() =>
        Assert.Null(Some.Login().Failed().AddressFailed(40, secondsAgo: (12 * 3600) + 1).Detect(_detector));

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).AddressFailed(40).Detect(_detector));
}
