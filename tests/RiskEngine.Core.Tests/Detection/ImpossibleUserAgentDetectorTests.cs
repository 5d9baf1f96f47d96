using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ImpossibleUserAgentDetectorTests
{
    private readonly ImpossibleUserAgentSettings _settings = new();
    private readonly ImpossibleUserAgentDetector _detector = new(new ImpossibleUserAgentSettings());

    [Theory]
    [InlineData(UserAgentContradiction.None, false)]
    [InlineData(UserAgentContradiction.Systems, true)]
    [InlineData(UserAgentContradiction.BrowserOnSystem, true)]
    [InlineData(UserAgentContradiction.Version, true)]
    public void A_contradiction_is_evidence(UserAgentContradiction contradiction, bool speaks) =>
        Assert.Equal(speaks ? _settings.Evidence : 0, Some.Login().On(Device.Strange).Contradicting(contradiction).Detect(_detector)?.Evidence ?? 0);

    [Fact]
    public void A_strange_agent_that_the_subject_always_uses_is_forgiven() =>
        Assert.Null(Some.Login().WithHistory(1).Contradicting(UserAgentContradiction.Systems).Detect(_detector));
}
