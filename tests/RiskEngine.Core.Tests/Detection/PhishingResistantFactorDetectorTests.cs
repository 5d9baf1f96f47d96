using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class PhishingResistantFactorDetectorTests
{
    private readonly PhishingResistantFactorSettings _settings = new();
    private readonly PhishingResistantFactorDetector _detector = new(new PhishingResistantFactorSettings());

    [Theory]
    [InlineData("webauthn")]
    [InlineData("authentik_stages_authenticator_webauthn.webauthndevice")]
    [InlineData("FIDO2")]
    [InlineData("hwk")]
    [InlineData("u2f")]
    public void A_key_that_signs_for_its_origin_speaks_for_the_person(string factor) =>
        Assert.Equal(-_settings.Evidence, Some.EstablishedLogin().WithFactor("totp").WithFactor(factor).Detect(_detector)!.Value.Evidence);

    [Theory]
    [InlineData("totp")]
    [InlineData("duo")]
    [InlineData("sms")]
    [InlineData("schwk")]
    [InlineData("")]
    public void What_can_be_relayed_says_nothing(string factor) => Assert.Null(Some.EstablishedLogin().WithFactor(factor).Detect(_detector));

    [Fact]
    public void A_passkey_may_be_the_first_factor() => Assert.Equal(-_settings.Evidence, Some.Login().By("auth_webauthn_pwl").Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Only_a_sign_in_that_worked_is_confirmed()
    {
        Assert.Null(Some.EstablishedLogin().WithFactor("webauthn").OfKind(EventKind.MfaFailed).Detect(_detector));
        Assert.Null(Some.EstablishedLogin().WithFactor("webauthn").OfKind(EventKind.SessionSeen).Detect(_detector));
    }
}
