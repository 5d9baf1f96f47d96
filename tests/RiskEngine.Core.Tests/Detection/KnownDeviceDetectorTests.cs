using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class KnownDeviceDetectorTests
{
    private readonly KnownDeviceSettings _settings = new();
    private readonly KnownDeviceDetector _detector = new(new KnownDeviceSettings());

    private static Device Laptop => Device.Laptop.WithoutId();

    private double Of(LoginBuilder login) => login.Detect(_detector)?.Evidence ?? 0;

    [Fact]
    public void A_program_is_nobodys_device()
    {
        var program = Device.Program.WithoutId();
        Assert.Null(Some.Login().WithHistory(5, on: program).On(program).Detect(_detector));
        Assert.NotNull(Some.Login().WithHistory(5, on: Laptop).On(Laptop).Detect(_detector));
    }

    [Fact]
    public void The_own_laptop_speaks_for_its_subject_at_least_as_much_as_its_id() =>
        Assert.InRange(Of(Some.EstablishedLogin()), -_settings.Evidence - _settings.UserAgentEvidence, -_settings.Evidence);

    [Fact]
    public void A_device_vouches_more_the_oftener_it_was_seen_up_to_three_times()
    {
        double[] evidence = [.. new[] { 1, 2, 3 }.Select(times => Of(Some.Login().WithHistory(times)))];
        Assert.True(evidence[0] > evidence[1] && evidence[1] > evidence[2], string.Join(' ', evidence));
        Assert.True(evidence[0] > (-_settings.Evidence - _settings.UserAgentEvidence) / 2);
    }

    [Fact]
    public void The_source_is_believed_without_history() => Assert.Equal(-_settings.Evidence, Of(Some.Login().KnownToSource(true)));

    [Fact]
    public void Without_ids_the_same_user_agent_vouches_for_less()
    {
        var evidence = Of(Some.Login().WithHistory(30, on: Laptop).On(Laptop).From(Place.Renumbered));
        Assert.InRange(evidence, -_settings.UserAgentEvidence, -0.1);
        Assert.True(evidence > Of(Some.EstablishedLogin().From(Place.Renumbered)));
    }

    [Fact]
    public void The_user_agents_evidence_stays_within_its_bound() => Assert.Equal(
        -0.05,
        Some.Login().WithHistory(30, on: Laptop).On(Laptop).From(Place.Renumbered).Detect(new KnownDeviceDetector(_settings with { UserAgentEvidence = 0.05 }))!.Value.Evidence);

    [Fact]
    public void A_new_id_or_a_denial_is_not_outweighed_by_the_user_agent()
    {
        Assert.Null(Some.EstablishedLogin().On(Device.Laptop.Twin()).Detect(_detector));
        Assert.Null(Some.Login().WithHistory(30, on: Laptop).On(Laptop).KnownToSource(false).Detect(_detector));
    }

    [Fact]
    public void Nothing_said_of_the_device_is_no_evidence() => Assert.Null(Some.EstablishedLogin().On(Device.Silent).Detect(_detector));
}
