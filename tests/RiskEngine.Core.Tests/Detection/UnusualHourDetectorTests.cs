using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class UnusualHourDetectorTests
{
    private readonly UnusualHourSettings _settings = new();
    private readonly UnusualHourDetector _detector = new(new UnusualHourSettings());

    [Fact]
    public void The_usual_hour_is_a_little_evidence_in_favour() =>
        Assert.Equal(-_settings.UsualEvidence, Some.Login().WithHistory(30).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void An_hour_never_seen_is_full_evidence() => Assert.Equal(_settings.Evidence, At(12, 30).Detect(_detector)!.Value.Evidence);

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void Ten_logins_make_a_habit(int logins, bool speaks) => Assert.Equal(speaks, At(12, logins).Detect(_detector) is not null);

    [Fact]
    public void Around_midnight_is_one_time_of_day()
    {
        var late = At(2.5, 20).Detect(_detector);
        var early = At(-2.5, 20).Detect(_detector);
        Assert.Equal(late!.Value.Evidence, early!.Value.Evidence, 6);
        Assert.True(late.Value.Evidence < At(3.5, 20).Detect(_detector)!.Value.Evidence);
    }

    [Fact]
    public void Whoever_works_in_shifts_has_no_usual_hour()
    {
        var login = Some.Login();
        for (var i = 1; i <= 48; i++) login.Previously(TimeSpan.FromHours(25 * i));
        Assert.InRange(login.Detect(_detector)?.Evidence ?? 0, -0.05, 0.05);
    }

    [Fact]
    public void Failures_and_service_accounts_have_no_hours()
    {
        Assert.Null(At(12, 30).Failed().Detect(_detector));
        Assert.Null(At(12, 30).ByServiceAccount().Detect(_detector));
    }

    private static LoginBuilder At(double hoursBefore, int logins)
    {
        var login = Some.Login();
        for (var day = 1; day <= logins; day++) login.Previously(TimeSpan.FromHours((24 * day) + hoursBefore));
        return login;
    }
}
