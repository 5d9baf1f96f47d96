using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

public sealed class ScoreDriftTests
{
    private const uint Start = 1_780_000_000, Day = 86_400;

    [Fact]
    public void Nothing_is_told_before_a_whole_week_and_enough_logins_since()
    {
        var drift = new ScoreDrift();
        Feed(drift, days: 7, perDay: 400, logOdds: i => -6 + (i % 3));
        Assert.Equal(0, drift.Index);
        Feed(drift, days: 1, perDay: 150, logOdds: _ => 3, from: 8);
        Assert.Equal(0, drift.Index);
        Feed(drift, days: 1, perDay: 150, logOdds: _ => 3, from: 8);
        Assert.True(drift.Index > 1, $"{drift.Index}");
    }

    [Fact]
    public void The_same_people_do_not_drift_and_chance_is_taken_off()
    {
        var random = new Random(7);
        var drift = new ScoreDrift();
        Feed(drift, days: 40, perDay: 250, logOdds: _ => -6 + (random.NextDouble() * 5) + (random.NextDouble() * 3));
        Assert.InRange(drift.Index, 0, 0.03);
    }

    [Fact]
    public void A_score_that_moves_by_a_nat_is_seen_and_fades_when_it_is_back()
    {
        var random = new Random(8);
        var drift = new ScoreDrift();
        Feed(drift, days: 14, perDay: 500, logOdds: _ => -6 + (random.NextDouble() * 3));
        Assert.InRange(drift.Index, 0, 0.05);
        Feed(drift, days: 5, perDay: 500, logOdds: _ => -5 + (random.NextDouble() * 3), from: 14);
        Assert.True(drift.Index > 0.25, $"{drift.Index}");
        Feed(drift, days: 10, perDay: 500, logOdds: _ => -6 + (random.NextDouble() * 3), from: 19);
        Assert.InRange(drift.Index, 0, 0.05);
    }

    [Fact]
    public void The_index_is_the_sum_over_bins_less_what_chance_gives()
    {
        // A week of 700 at −5.5, then 700 at −5.5 and 700 at 2.5 at one second: shares 1 and 0 against 0.5 and 0.5.
        var drift = new ScoreDrift();
        Feed(drift, days: 7, perDay: 100, logOdds: _ => -5.5);
        for (var i = 0; i < 1400; i++) drift.Observe(1, i % 2 == 0 ? -5.5 : 2.5, Start + (7 * Day) + 1);
        var expected = 0.0;
        for (var bin = 0; bin < 14; bin++)
        {
            var (now, then) = bin == 3 ? (700.0, 700.0) : bin == 11 ? (700, 0) : (0, 0);
            var (p, q) = ((now + 0.5) / 1407, (then + 0.5) / 707);
            expected += (p - q) * Math.Log(p / q);
        }

        Assert.Equal(expected - (13 * ((1 / 1400.0) + (1 / 700.0))), drift.Index, 6);
    }

    [Fact]
    public void Another_model_begins_another_reference()
    {
        var drift = new ScoreDrift();
        Feed(drift, days: 9, perDay: 300, logOdds: i => i < 2100 ? -6 : 2);
        Assert.True(drift.Index > 1);
        drift.Observe(2, -6, Start + (10 * Day));
        Assert.Equal(0, drift.Index);
    }

    [Fact]
    public void It_is_the_same_after_save_and_load_and_what_is_damaged_is_nothing()
    {
        var drift = new ScoreDrift();
        Feed(drift, days: 9, perDay: 300, logOdds: i => i < 2100 ? -6 : 2);
        var stored = new byte[ScoreDrift.StoredLength];
        drift.Save(stored);
        var loaded = new ScoreDrift();
        loaded.Load(stored);
        Assert.Equal(drift.Index, loaded.Index);
        loaded.Observe(1, 1, Start + (9 * Day));
        drift.Observe(1, 1, Start + (9 * Day));
        Assert.Equal(drift.Index, loaded.Index);

        foreach (var damaged in new[] { stored[..^1], [9, .. stored[1..]], [.. stored[..20], 0, 0, 0xC0, 0x7F, .. stored[24..]], [] })
        {
            loaded.Load(damaged);
            Assert.Equal(0, loaded.Index);
        }
    }

    [Fact]
    public void Times_out_of_order_and_far_away_do_no_harm()
    {
        var drift = new ScoreDrift();
        Feed(drift, days: 9, perDay: 300, logOdds: _ => -6);
        drift.Observe(1, double.MaxValue, 5);
        drift.Observe(1, double.MinValue, uint.MaxValue);
        Assert.True(double.IsFinite(drift.Index));
    }

    private static void Feed(ScoreDrift drift, int days, int perDay, Func<int, double> logOdds, int from = 0)
    {
        for (var i = 0; i < days * perDay; i++) drift.Observe(1, logOdds(i), Start + ((uint)from * Day) + (uint)(i * (long)Day / perDay));
    }
}
