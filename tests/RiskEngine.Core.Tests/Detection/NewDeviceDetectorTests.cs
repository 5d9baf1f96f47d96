using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class NewDeviceDetectorTests
{
    private readonly NewDeviceSettings _settings = new();
    private readonly NewDeviceDetector _detector = new(new NewDeviceSettings());

    [Fact]
    public void A_new_platform_is_full_evidence() =>
        Assert.Equal(_settings.Evidence, Some.EstablishedLogin().On(Device.Phone).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_new_platform_is_full_evidence_without_ids_too() => Assert.Equal(
        _settings.Evidence,
        Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.Phone.WithoutId()).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Another_browser_on_the_same_system_is_less() =>
        Assert.Equal(_settings.Evidence * _settings.BrowserShare, Some.EstablishedLogin().On(Device.OtherBrowser).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_new_id_on_a_known_platform_is_half_for_cookies_get_cleared() =>
        Assert.Equal(_settings.Evidence / 2, Some.EstablishedLogin().On(Device.Laptop.Twin()).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_new_version_of_the_browser_is_silent() => Assert.Null(
        Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.UpdatedLaptop.WithoutId()).Detect(_detector));

    [Fact]
    public void The_source_alone_is_the_least() =>
        Assert.Equal(_settings.Evidence / 4, Some.EstablishedLogin().On(Device.Silent).KnownToSource(false).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_source_may_know_better() => Assert.Null(Some.EstablishedLogin().On(Device.Phone).KnownToSource(true).Detect(_detector));

    [Fact]
    public void Nothing_said_of_the_device_now_or_ever_is_no_evidence()
    {
        Assert.Null(Some.EstablishedLogin().On(Device.Silent).Detect(_detector));
        Assert.Null(Some.Login().WithHistory(30, on: Device.Silent).On(Device.Phone).Detect(_detector));
    }

    [Fact]
    public void Nothing_is_new_for_a_subject_without_history() => Assert.Null(Some.Login().Detect(_detector));

    [Theory, InlineData(1), InlineData(4), InlineData(9)]
    public void Evidence_grows_while_the_subject_is_being_learnt(int logins) => Assert.Equal(
        _settings.Evidence * Math.Log(1 + logins) / Math.Log(11),
        Some.Login().WithHistory(logins).On(Device.Phone).Detect(_detector)!.Value.Evidence,
        9);

    [Fact]
    public void Fourteen_days_end_the_learning_phase_too() => Assert.Equal(
        _settings.Evidence,
        Some.Login().WithHistory(2).FirstSeen(TimeSpan.FromDays(14)).On(Device.Phone).Detect(_detector)!.Value.Evidence);
}
