using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class UnusualApplicationDetectorTests
{
    private readonly UnusualApplicationSettings _settings = new();
    private readonly UnusualApplicationDetector _detector = new(new UnusualApplicationSettings());

    [Fact]
    public void One_never_opened_speaks_a_little() => Assert.Equal(_settings.Evidence, Usual(10).To("payroll").Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_usual_one_says_nothing() => Assert.Null(Usual(10).To("mail").Detect(_detector));

    [Fact]
    public void Before_ten_logins_nothing_is_usual() => Assert.Null(Usual(9).To("payroll").Detect(_detector));

    [Fact]
    public void Whoever_opens_everything_is_expected_to()
    {
        var login = Some.Login();
        for (var day = 1; day <= 12; day++) login.Previously(TimeSpan.FromDays(day), to: $"application-{day}");
        Assert.Null(login.To("payroll").Detect(_detector));
    }

    [Fact]
    public void An_event_without_application_says_nothing() => Assert.Null(Usual(10).Detect(_detector));

    private static LoginBuilder Usual(int logins)
    {
        var login = Some.Login();
        for (var day = 1; day <= logins; day++) login.Previously(TimeSpan.FromDays(day), to: "mail");
        return login;
    }
}
