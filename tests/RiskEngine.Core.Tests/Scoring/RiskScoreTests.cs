using RiskEngine.Core.Scoring;

namespace RiskEngine.Core.Tests.Scoring;

public sealed class RiskScoreTests
{
    [Theory, InlineData(0), InlineData(100), InlineData(87.3812)]
    public void Nought_to_a_hundred_is_a_score(double value) => Assert.Equal(value, new RiskScore(value).Value);

    [Theory, InlineData(-1e-9), InlineData(100.0000001), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Anything_else_is_none(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => new RiskScore(value));

    [Theory, InlineData(0, 50), InlineData(-4.595, 1), InlineData(double.NegativeInfinity, 0), InlineData(1e6, 100), InlineData(-1e6, 0)]
    public void Log_odds_become_percent(double logOdds, double score) => Assert.Equal(score, RiskScore.FromLogOdds(logOdds).Value, 3);
}
