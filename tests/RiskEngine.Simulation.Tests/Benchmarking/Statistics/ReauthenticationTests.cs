using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Tests.Benchmarking.Statistics;

public sealed class ReauthenticationTests
{
    [Theory]
    [InlineData(0.99, 2)]
    [InlineData(0.5, 51)]
    [InlineData(0.01, 100)]
    [InlineData(0.991, 1)]
    public void A_threshold_catches_at_least_the_share_it_was_set_for(double recall, float expected) =>
        Assert.Equal(expected, Reauthentication.ThresholdFor(recall, Enumerable.Range(1, 100).Select(score => (float)score)));

    /// <summary>Three subjects with six logins: 0, 2 and 5 of the five after the first score 1. A fourth has too few to count.</summary>
    [Fact]
    public void The_median_subject_is_challenged_as_often_as_by_hand()
    {
        var stream = new ScoredStream(["one"], []);
        foreach (var (subject, challenged, logins) in new[] { (0, 0, 6), (1, 2, 6), (2, 5, 6), (3, 4, 5) })
        {
            for (var login = 0; login < logins; login++) stream.Add(Case.Of(subject, login), [login == 0 || login <= challenged ? 1 : 0]);
        }

        var five = Reauthentication.Count(stream, 0, 1)[0];
        Assert.Equal((5, 2.0, 3), (five.Logins, five.Median, five.Subjects));
        Assert.Equal((0 + 2 + 5) / 15.0, five.Rate, 12);
        Assert.True(double.IsNaN(Reauthentication.Count(stream, 0, 1)[1].Median));
    }

    [Fact]
    public void Who_misses_a_login_in_between_is_left_out()
    {
        var stream = new ScoredStream(["one"], []);
        foreach (var login in new[] { 0, 1, 2, 4, 5 }) stream.Add(Case.Of(0, login), [1]);
        Assert.Equal(0, Reauthentication.Count(stream, 0, 1)[0].Subjects);
    }

    [Fact]
    public void People_are_sorted_by_how_often_they_log_in()
    {
        const long day = 86_400;
        var stream = new ScoredStream(["one"], []);
        for (var login = 0; login < 11; login++) stream.Add(Case.Of(0, login, gap: day), [login <= 1 ? 1 : 0]);
        for (var login = 0; login < 3; login++) stream.Add(Case.Of(1, login, gap: 60 * day), [1]);
        var classes = Reauthentication.ByFrequency(stream, 0, 1);
        Assert.Equal((0.1, 10), (classes[0].Rate, classes[0].Logins));
        Assert.Equal((1.0, 2), (classes[3].Rate, classes[3].Logins));
        Assert.Equal(0, classes[1].Logins + classes[2].Logins);
    }
}
