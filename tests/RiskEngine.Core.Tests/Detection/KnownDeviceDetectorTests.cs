using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class KnownDeviceDetectorTests
{
    private readonly KnownDeviceSettings _settings = new();
    private readonly KnownDeviceDetector _detector = new(new KnownDeviceSettings());

    [Fact]
    public void A_program_is_nobodys_device()
    {
        var program = Device.Program.WithoutId();
        Assert.Null(Some.Login().WithHistory(5, on: program).On(program).Detect(_detector));
        Assert.NotNull(Some.Login().WithHistory(5, on: Device.Laptop.WithoutId()).On(Device.Laptop.WithoutId()).Detect(_detector));
    }

    [Fact]
    public void The_own_laptop_speaks_for_its_subject() => Assert.Equal(-_settings.Evidence, Some.EstablishedLogin().Detect(_detector)!.Value.Evidence);

    [Theory, InlineData(1, 0.5), InlineData(2, 0.75), InlineData(3, 1), InlineData(30, 1)]
    public void A_device_vouches_more_the_oftener_it_was_seen(int times, double share) =>
        Assert.Equal(-_settings.Evidence * share, Some.Login().WithHistory(times).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_source_is_believed_without_history() =>
        Assert.Equal(-_settings.Evidence, Some.Login().KnownToSource(true).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Without_ids_the_same_user_agent_in_the_same_system_vouches_for_less() => Assert.Equal(
        -_settings.UserAgentEvidence,
        Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.Laptop.WithoutId()).From(Place.Renumbered).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_same_user_agent_elsewhere_vouches_for_nothing() => Assert.Null(
        Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.Laptop.WithoutId()).From(Place.Cafe).Detect(_detector));

    [Fact]
    public void A_new_id_or_a_denial_is_not_outweighed_by_the_user_agent()
    {
        Assert.Null(Some.EstablishedLogin().On(Device.Laptop.Twin()).Detect(_detector));
        Assert.Null(Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.Laptop.WithoutId()).KnownToSource(false).Detect(_detector));
    }

    [Fact]
    public void Nothing_said_of_the_device_is_no_evidence() => Assert.Null(Some.EstablishedLogin().On(Device.Silent).Detect(_detector));
}
