using RiskEngine.Host.Telemetry.Otlp;

namespace RiskEngine.Host.Tests.Telemetry.Otlp;

public sealed class OtlpAnswerTests
{
    [Theory]
    [InlineData("0A020803", 3)]
    [InlineData("0A0308AC02", 300)]
    [InlineData("0A0508031201780A", 3)]
    [InlineData("", 0)]
    [InlineData("0A00", 0)]
    [InlineData("0A0312017a", 0)]
    [InlineData("0A02", 0)]
    [InlineData("0A0208", 0)]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFF01", 0)]
    [InlineData("0A0208FF", 0)]
    [InlineData("0A0B08FFFFFFFFFFFFFFFFFF01", 0)]
    [InlineData("3C68746D6C3E", 0)]
    public void What_was_refused_is_read_and_anything_else_says_nothing(string body, long rejected) => Assert.Equal(rejected, OtlpAnswer.Rejected(Convert.FromHexString(body)));
}
