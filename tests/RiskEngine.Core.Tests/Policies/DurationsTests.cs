using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("90s", 90), InlineData("4h", 14_400), InlineData("7d", 604_800), InlineData("1h30m", 5400), InlineData("0s", 0), InlineData("1d2h3m4s", 93_784)]
    public void Numbers_with_units_are_durations(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration, out var error), error);
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again, out _));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("", "nothing"), InlineData("90", "lacks a unit"), InlineData("4x", "not a unit"), InlineData("1m1h", "out of order"), InlineData("1h1h", "twice")]
    [InlineData("-4h", "expected a duration"), InlineData("1.5h", "expected a duration"), InlineData("4 h", "lacks a unit"), InlineData("h", "expected a duration")]
    [InlineData("99999999d", "hundred years"), InlineData("permanent", "expected a duration"), InlineData("12345678901s", "expected a duration")]
    public void Anything_else_is_told(string text, string words)
    {
        Assert.False(Durations.TryParse(text, out _, out var error));
        Assert.Contains(words, error);
    }
}
