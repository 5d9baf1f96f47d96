using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class NewDeviceDetectorTests
{
    private readonly NewDeviceSettings _settings = new();
    private readonly NewDeviceDetector _detector = new(new NewDeviceSettings());

    private static Device Laptop => Device.Laptop.WithoutId();

    private static Device Phone => Device.Phone.WithoutId();

    private double Of(LoginBuilder login) => login.Detect(_detector)?.Evidence ?? 0;

    private static LoginBuilder Known(int logins = 30) => Some.Login().WithHistory(logins, on: Laptop);

    [Fact]
    public void A_new_platform_is_evidence_at_home_and_elsewhere()
    {
        Assert.InRange(Of(Known().On(Phone)), 0.5, _settings.Evidence);
        Assert.InRange(Of(Known().On(Phone).From(Place.Cafe)), 1, _settings.Evidence);
    }

    [Fact]
    public void The_better_the_subject_is_known_the_more_a_new_platform_says()
    {
        double[] evidence = [.. new[] { 1, 3, 7, 15, 30 }.Select(logins => Of(Known(logins).On(Phone).From(Place.Cafe)))];
        Assert.Equal(evidence.Order(), evidence);
        Assert.True(evidence[0] < 1 && evidence[^1] > evidence[0] + 1, string.Join(' ', evidence));
    }

    [Fact]
    public void A_new_version_of_the_browser_after_a_month_says_nothing() =>
        Assert.Equal(0, Of(Some.Login().Previously(TimeSpan.FromDays(40), on: Laptop).Previously(TimeSpan.FromDays(38), on: Laptop).On(Device.UpdatedLaptop.WithoutId())));

    [Fact]
    public void A_new_id_on_a_known_machine_counts_for_itself_as_cookies_get_cleared() =>
        Assert.Equal(_settings.IdEvidence, Of(Some.EstablishedLogin().On(Device.Laptop.Twin())));

    [Fact]
    public void The_source_alone_is_the_least() => Assert.Equal(_settings.SourceEvidence, Of(Some.EstablishedLogin().On(Device.Silent).KnownToSource(false)));

    [Fact]
    public void The_source_may_know_better() => Assert.Null(Some.EstablishedLogin().On(Device.Phone).KnownToSource(true).Detect(_detector));

    [Fact]
    public void All_of_it_together_stays_within_its_bound() =>
        Assert.Equal(1.5, Some.EstablishedLogin().On(Device.Phone).From(Place.Lisbon).Detect(new NewDeviceDetector(_settings with { Evidence = 1.5 }))!.Value.Evidence);

    [Fact]
    public void Nothing_said_of_the_device_now_or_ever_is_no_evidence()
    {
        Assert.Null(Some.EstablishedLogin().On(Device.Silent).Detect(_detector));
        Assert.Null(Some.Login().WithHistory(30, on: Device.Silent).On(Device.Phone).Detect(_detector));
    }

    [Fact]
    public void Nothing_is_new_for_a_subject_without_history() => Assert.Null(Some.Login().Detect(_detector));
}
