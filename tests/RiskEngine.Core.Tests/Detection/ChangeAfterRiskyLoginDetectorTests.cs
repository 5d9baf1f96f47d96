using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ChangeAfterRiskyLoginDetectorTests
{
    private static readonly DetectionSettings Settings = new();

    public static TheoryData<SignalCode> Signals => [SignalCode.FactorAfterRiskyLogin, SignalCode.PasswordAfterRiskyLogin];

    [Theory, MemberData(nameof(Signals))]
    public void Right_after_a_risky_login_it_is_full_evidence(SignalCode code)
    {
        var signal = Detect(code, After(TimeSpan.Zero, 40, ChangeOf(code)))!.Value;
        Assert.Equal((code, 0.0, 40.0), (signal.Code, signal.A, signal.B));
        Assert.Equal(SettingsOf(code).Evidence, signal.Evidence, 6);
    }

    [Theory, MemberData(nameof(Signals))]
    public void The_less_risky_and_the_longer_ago_the_less_it_says(SignalCode code)
    {
        var change = ChangeOf(code);
        Assert.Equal(SettingsOf(code).Evidence * 0.6, Detect(code, After(TimeSpan.Zero, 4, change))!.Value.Evidence, 6);
        Assert.Equal(SettingsOf(code).Evidence * 0.5, Detect(code, After(TimeSpan.FromHours(24), 40, change))!.Value.Evidence, 6);
        Assert.Null(Detect(code, After(TimeSpan.FromHours(24.01), 40, change)));
    }

    [Theory, MemberData(nameof(Signals))]
    public void Without_a_risky_login_it_is_housekeeping(SignalCode code) => Assert.Null(Detect(code, Some.EstablishedLogin().OfKind(ChangeOf(code))));

    [Theory]
    [InlineData(SignalCode.FactorAfterRiskyLogin, EventKind.PasswordChanged), InlineData(SignalCode.PasswordAfterRiskyLogin, EventKind.FactorAdded)]
    [InlineData(SignalCode.FactorAfterRiskyLogin, EventKind.Login), InlineData(SignalCode.PasswordAfterRiskyLogin, EventKind.Login)]
    public void What_else_is_done_is_not_its_business(SignalCode code, EventKind kind) => Assert.Null(Detect(code, After(TimeSpan.Zero, 40, kind)));

    [Theory, MemberData(nameof(Signals))]
    public void What_came_before_the_risky_login_is_not_blamed_on_it(SignalCode code) => Assert.Null(Detect(code, After(TimeSpan.FromHours(-1), 40, ChangeOf(code))));

    [Fact]
    public void A_new_factor_says_more_than_a_new_password() => Assert.True(Settings.FactorAfterRiskyLogin.Evidence > Settings.PasswordAfterRiskyLogin.Evidence);

    private static EventKind ChangeOf(SignalCode code) => code == SignalCode.FactorAfterRiskyLogin ? EventKind.FactorAdded : EventKind.PasswordChanged;

    private static ChangeAfterRiskyLoginSettings SettingsOf(SignalCode code) => code == SignalCode.FactorAfterRiskyLogin ? Settings.FactorAfterRiskyLogin : Settings.PasswordAfterRiskyLogin;

    private static LoginBuilder After(TimeSpan ago, double score, EventKind kind) => Some.EstablishedLogin().RiskyBefore(ago, score).OfKind(kind);

    /// <summary>Asks the detector of that signal among those that are built.</summary>
    private static Signal? Detect(SignalCode code, LoginBuilder login) =>
        login.Detect(Assert.IsType<ChangeAfterRiskyLoginDetector>(Assert.Single(Detectors.From(Settings), detector => detector.Code == code)));
}
