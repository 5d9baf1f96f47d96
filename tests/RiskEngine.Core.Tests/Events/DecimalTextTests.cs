using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Events;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData(0, 4, "0")]
    [InlineData(-0.00004, 4, "0")]
    [InlineData(0.00006, 4, "0.0001")]
    [InlineData(-4.595, 6, "-4.595")]
    [InlineData(99.99996, 4, "100")]
    [InlineData(87.3812345, 4, "87.3812")]
    [InlineData(1.05, 2, "1.05")]
    [InlineData(2.5, 0, "3")]
    public void A_number_is_rounded_and_loses_the_zeros_at_its_end(double value, int decimals, string text) => Assert.Equal(text, Write(value, decimals));

    [Fact]
    public void Every_number_reads_back_as_it_was_rounded()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
            Assert.Equal(value, double.Parse(Write(value, 6), CultureInfo.InvariantCulture), 0.6e-6);
        }
    }

    [Theory, InlineData(0), InlineData(1_795_262_400_007), InlineData(253_402_300_799_999)]
    public void A_time_is_written_as_it_reads(long milliseconds)
    {
        Span<byte> text = stackalloc byte[24];
        var time = new EventTime(milliseconds);
        Assert.Equal(time.ToString(), Encoding.ASCII.GetString(text[..time.Format(text)]));
    }

    private static string Write(double value, int decimals)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaximumLength];
        return Encoding.ASCII.GetString(text[..DecimalText.Write(value, decimals, text)]);
    }
}
