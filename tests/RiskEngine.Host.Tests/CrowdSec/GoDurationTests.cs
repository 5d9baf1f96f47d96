using System.Text;
using RiskEngine.Host.CrowdSec;

namespace RiskEngine.Host.Tests.CrowdSec;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(14_398_500, "3h59m58.5s")]
    [InlineData(360_001_020, "100h0m1.02s")]
    [InlineData(-60_000, "-1m0s")]
    [InlineData(-5, "-5ms")]
    public void Spans_are_written_as_Go_writes_them_and_read_back(long milliseconds, string expected)
    {
        Span<byte> text = stackalloc byte[GoDuration.MaxLength];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds), text)]));
        Assert.True(GoDuration.TryParse(expected, out var read));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), read);
    }

    [Theory]
    [InlineData("1.5h", 5400)]
    [InlineData("1h1h", 7200)]
    [InlineData("0", 0)]
    [InlineData("250000us", 0.25)]
    public void What_else_Go_reads_is_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var read));
        Assert.Equal(seconds, read.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("4")]
    [InlineData("h")]
    [InlineData("4 h")]
    [InlineData("1d")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("9999999999h")]
    [InlineData("NaNs")]
    public void Anything_else_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
