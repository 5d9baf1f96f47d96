using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class NetworkSprayDetectorTests
{
    private readonly NetworkSpraySettings _settings = new();
    private readonly NetworkSprayDetector _detector = new(new NetworkSpraySettings());

    [Fact]
    public void A_few_names_from_the_neighbours_are_ordinary() => Assert.Null(Some.Login().NetworkFailed(12).Detect(_detector));

    [Fact]
    public void Sixty_names_from_the_neighbours_are_full_evidence()
    {
        var signal = Some.Login().NetworkFailed(60).Detect(_detector)!.Value;
        Assert.Equal((_settings.Evidence, 1.0), (signal.Evidence, signal.C));
    }

    [Fact]
    public void What_the_address_itself_did_is_not_counted_again() => Assert.Null(Some.Login().AddressFailed(60).Detect(_detector));

    [Fact]
    public void A_whole_system_needs_more()
    {
        Assert.Null(Some.Login().AsnFailed(60).Detect(_detector));
        var signal = Some.Login().AsnFailed(240).Detect(_detector)!.Value;
        Assert.Equal(2, signal.C);
        Assert.InRange(signal.Evidence, 0.6 * _settings.AsnEvidence, _settings.AsnEvidence);
    }

    [Fact]
    public void A_provider_with_more_subjects_than_can_be_counted_is_not_judged() =>
        Assert.Null(Some.Login().AsnSucceeded(600).AsnFailed(500).Detect(_detector));

    [Fact]
    public void A_campus_with_typos_is_quiet() => Assert.Null(Some.Login().NetworkSucceeded(150).NetworkFailed(35).Detect(_detector));

    [Fact]
    public void A_neighbour_on_the_own_device_is_charged_with_little() =>
        Assert.Equal(_settings.Evidence * _settings.FamiliarShare, Some.EstablishedLogin().NetworkFailed(60).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).NetworkFailed(60).Detect(_detector));
}
