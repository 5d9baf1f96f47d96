using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class PasswordAfterRiskyLoginDetectorTests
{
    private readonly PasswordAfterRiskyLoginSettings _settings = new();
    private readonly PasswordAfterRiskyLoginDetector _detector = new(new PasswordAfterRiskyLoginSettings());

    [Fact]
    public void Right_after_a_risky_login_it_is_full_evidence() =>
        Assert.Equal(_settings.Evidence, After(TimeSpan.Zero, 40).Detect(_detector)!.Value.Evidence, 6);

    [Fact]
    public void The_less_risky_and_the_longer_ago_the_less_it_says()
    {
        Assert.Equal(_settings.Evidence * 0.6, After(TimeSpan.Zero, 4).Detect(_detector)!.Value.Evidence, 6);
        Assert.Equal(_settings.Evidence * 0.5, After(TimeSpan.FromHours(24), 40).Detect(_detector)!.Value.Evidence, 6);
        Assert.Null(After(TimeSpan.FromHours(24.01), 40).Detect(_detector));
    }

    [Fact]
    public void Without_a_risky_login_it_is_housekeeping() => Assert.Null(Some.EstablishedLogin().OfKind(EventKind.PasswordChanged).Detect(_detector));

    [Fact]
    public void Other_changes_are_not_its_business() => Assert.Null(After(TimeSpan.Zero, 40).OfKind(EventKind.FactorAdded).Detect(_detector));

    [Fact]
    public void What_came_before_the_risky_login_is_not_blamed_on_it() => Assert.Null(After(TimeSpan.FromHours(-1), 40).Detect(_detector));

    private static LoginBuilder After(TimeSpan ago, double score) => Some.EstablishedLogin().RiskyBefore(ago, score).OfKind(EventKind.PasswordChanged);
}
