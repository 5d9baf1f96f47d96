using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class CredentialStuffingDetectorTests
{
    private readonly CredentialStuffingSettings _settings = new();
    private readonly CredentialStuffingDetector _detector = new(new CredentialStuffingSettings());

    [Fact]
    public void A_list_of_unknown_names_is_full_evidence()
    {
        var signal = Some.Login().Failed().ByUnknownName().AddressFailed(20, unknown: 18, secondsAgo: 0).Detect(_detector)!.Value;
        Assert.Equal((_settings.Evidence, 1.0), (signal.Evidence, signal.C));
        Assert.Equal(100 * 19 / 21.0, signal.A, 3);
    }

    [Fact]
    public void Nine_failures_are_too_few_to_tell_and_ten_are_not()
    {
        Assert.Null(Some.Login().Failed().ByUnknownName().AddressFailed(8, unknown: 8, secondsAgo: 0).Detect(_detector));
        Assert.NotNull(Some.Login().Failed().ByUnknownName().AddressFailed(9, unknown: 9, secondsAgo: 0).Detect(_detector));
    }

    [Theory, InlineData(5, false), InlineData(8, true)]
    public void A_third_of_unknown_names_is_about_what_people_mistype(int unknown, bool speaks) =>
        Assert.Equal(speaks, Some.Login().AddressFailed(20, unknown: unknown, secondsAgo: 0).Detect(_detector) is not null);

    [Fact]
    public void A_program_with_one_wrong_name_is_not_meant() => Assert.Null(Some.Login().AddressFailed(1, each: 500, unknown: 1).Detect(_detector));

    [Fact]
    public void The_network_speaks_for_less() =>
        Assert.Equal(_settings.Evidence * _settings.NetworkShare, Some.Login().NetworkFailed(40, unknown: 40).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void The_system_speaks_for_the_least() =>
        Assert.Equal(_settings.Evidence * _settings.AsnShare, Some.Login().AsnFailed(120, unknown: 120).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void An_office_needs_more_failures_to_be_judged() => Assert.Null(Some.Login().AddressSucceeded(100).AddressFailed(20, unknown: 15).Detect(_detector));

    [Fact]
    public void A_neighbour_on_the_own_device_is_charged_with_little() => Assert.Equal(
        _settings.Evidence * _settings.FamiliarShare,
        Some.EstablishedLogin().AddressFailed(40, unknown: 40).Detect(_detector)!.Value.Evidence,
        9);

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).AddressFailed(40, unknown: 40).Detect(_detector));
}
