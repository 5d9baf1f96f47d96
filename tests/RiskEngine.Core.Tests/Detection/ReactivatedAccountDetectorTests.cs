using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ReactivatedAccountDetectorTests
{
    private readonly ReactivatedAccountSettings _settings = new();
    private readonly ReactivatedAccountDetector _detector = new(new ReactivatedAccountSettings());

    [Theory]
    [InlineData(1, true)]
    [InlineData(168, true)]
    [InlineData(169, false)]
    public void For_a_week_strangers_are_watched(int hours, bool speaks) =>
        Assert.Equal(speaks, Some.EstablishedLogin().Reactivated(TimeSpan.FromHours(hours)).From(Place.Lisbon).On(Device.Strange).Detect(_detector) is not null);

    [Fact]
    public void Somebody_back_on_their_own_machine_says_nothing() => Assert.Null(Some.EstablishedLogin().Reactivated(TimeSpan.FromHours(1)).Detect(_detector));

    [Fact]
    public void An_account_never_switched_off_says_nothing() => Assert.Null(Some.EstablishedLogin().From(Place.Lisbon).On(Device.Strange).Detect(_detector));

    [Fact]
    public void What_came_before_the_reactivation_says_nothing() =>
        Assert.Null(Some.EstablishedLogin().Reactivated(TimeSpan.FromHours(-1)).From(Place.Lisbon).On(Device.Strange).Detect(_detector));

    [Fact]
    public void Its_evidence_is_full() =>
        Assert.Equal((_settings.Evidence, 5.0), Some.EstablishedLogin().Reactivated(TimeSpan.FromHours(5)).From(Place.Lisbon).On(Device.Strange).Detect(_detector) is { } signal ? (signal.Evidence, signal.A) : default);
}
