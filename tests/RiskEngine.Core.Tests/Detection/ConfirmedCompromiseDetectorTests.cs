using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ConfirmedCompromiseDetectorTests
{
    private readonly ConfirmedCompromiseSettings _settings = new();
    private readonly ConfirmedCompromiseDetector _detector = new(new ConfirmedCompromiseSettings());

    [Theory]
    [InlineData(0, true)]
    [InlineData(720, true)]
    [InlineData(721, false)]
    [InlineData(-1, false)]
    public void It_speaks_for_thirty_days_and_not_about_what_came_before(int hours, bool speaks) =>
        Assert.Equal(speaks ? _settings.Evidence : 0, Compromised(hours).Detect(_detector)?.Evidence ?? 0);

    [Fact]
    public void An_account_nobody_complained_about_says_nothing() => Assert.Null(Some.EstablishedLogin().Detect(_detector));

    [Fact]
    public void The_way_out_is_not_barred() => Assert.Null(Compromised(1).OfKind(EventKind.PasswordChanged).Detect(_detector));

    [Fact]
    public void Failures_by_others_are_not_made_worse() => Assert.Null(Compromised(1).Failed().Detect(_detector));

    private static LoginBuilder Compromised(int hours) => Some.EstablishedLogin().CalledCompromised(TimeSpan.FromHours(hours));
}
