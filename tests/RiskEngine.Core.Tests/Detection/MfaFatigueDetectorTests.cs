using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class MfaFatigueDetectorTests
{
    private readonly MfaFatigueSettings _settings = new();
    private readonly MfaFatigueDetector _detector = new(new MfaFatigueSettings());

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(5, true)]
    public void A_few_wrong_codes_are_ordinary(int before, bool speaks) =>
        Assert.Equal(speaks, Some.EstablishedLogin().FactorsFailed(before, 1).Detect(_detector) is not null);

    [Fact]
    public void The_yes_after_ten_refusals_is_full_evidence_even_from_home() =>
        Assert.Equal(_settings.Evidence, Some.EstablishedLogin().FactorsFailed(10).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_failure_counts_itself()
    {
        Assert.Null(Some.EstablishedLogin().FactorsFailed(3, 0).Detect(_detector));
        Assert.NotNull(Some.EstablishedLogin().FactorsFailed(3, 0).OfKind(EventKind.MfaFailed).Detect(_detector));
    }

    [Fact]
    public void An_hour_later_it_is_over() => Assert.Null(Some.EstablishedLogin().FactorsFailed(20, 3600).Detect(_detector));

    [Fact]
    public void Wrong_passwords_are_not_its_business() => Assert.Null(Some.EstablishedLogin().FactorsFailed(20).Failed().Detect(_detector));
}
