using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class AutomatedUserAgentDetectorTests
{
    private readonly AutomatedUserAgentSettings _settings = new();
    private readonly AutomatedUserAgentDetector _detector = new(new AutomatedUserAgentSettings());

    [Fact]
    public void A_browser_says_nothing() => Assert.Null(Some.EstablishedLogin().On(Device.Strange).Detect(_detector));

    [Fact]
    public void A_program_or_a_bot_for_a_person_is_full_evidence()
    {
        Assert.Equal((_settings.Evidence, 2.0), Read(Some.EstablishedLogin().On(Device.Program)));
        Assert.Equal((_settings.Evidence, 1.0), Read(Some.EstablishedLogin().On(Device.Program with { Class = DeviceClass.Bot })));
    }

    [Fact]
    public void For_a_subject_not_known_yet_it_is_half() => Assert.Equal((_settings.Evidence / 2, 2.0), Read(Some.Login().On(Device.Program)));

    [Fact]
    public void Service_accounts_and_subjects_that_use_programs_are_left_alone()
    {
        Assert.Null(Some.Login().ByServiceAccount().On(Device.Program).Detect(_detector));
        Assert.Null(Some.Login().WithHistory(1, on: Device.Program).On(Device.Program with { UserAgent = 171 }).Detect(_detector));
    }

    private (double Evidence, double What) Read(LoginBuilder login)
    {
        var signal = login.Detect(_detector)!.Value;
        return (signal.Evidence, signal.A);
    }
}
