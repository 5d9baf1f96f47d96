using System.Globalization;
using Xunit.Abstractions;

namespace RiskEngine.Simulation.Tests;

/// <summary>Measures the honest world against published marginals, and prints what it found.</summary>
public sealed class HonestWorldMeasurementsTests(ITestOutputHelper output)
{
    private static readonly (string Name, double Hours, double Published)[] Gaps =
        [("<1min", 1 / 60.0, 0.024), ("1-10min", 1 / 6.0, 0.054), ("10min-1h", 1, 0.12), ("1-24h", 24, 0.223), ("1-7d", 168, 0.351), ("7-30d", 720, 0.539)];

    // Wiefling et al. 2022 (RBA data set), successful logins of accounts with history by gap since the last one.
    [Fact]
    public void New_addresses_are_about_as_frequent_by_gap_as_in_the_RBA_data_set()
    {
        var logins = new long[Gaps.Length];
        var news = new long[Gaps.Length];
        foreach (var subject in Traffic.HonestMonth.Where(row => row.IsHonestLogin).GroupBy(row => row.Subject))
        {
            var seen = new HashSet<string>();
            Row? last = null;
            foreach (var row in subject)
            {
                var isNew = seen.Add(row.Unit!);
                var bin = last is null ? -1 : Array.FindIndex(Gaps, gap => (row.Time - last.Time).TotalHours < gap.Hours);
                last = row;
                if (bin < 0) continue;
                logins[bin]++;
                if (isNew) news[bin]++;
            }
        }

        for (var i = 0; i < Gaps.Length; i++)
        {
            var share = (double)news[i] / logins[i];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Gaps[i].Name,-10} {logins[i],7} logins, new address {share:P1}, published {Gaps[i].Published:P1}"));
        }

        for (var i = 0; i < Gaps.Length; i++) Assert.InRange((double)news[i] / logins[i], Gaps[i].Published * 0.75, (Gaps[i].Published * 1.25) + 0.01);
    }

    [Fact]
    public void Activity_has_a_heavy_tail()
    {
        long[] counts = [.. Traffic.HonestMonth.Where(row => row.IsHonestLogin).GroupBy(row => row.Subject).Select(group => group.LongCount()).Order()];
        long At(int percent) => counts[counts.Length * percent / 100];
        output.WriteLine($"{counts.Length} with logins; a month's logins: p10 {At(10)}, median {At(50)}, p90 {At(90)}, p99 {At(99)}");
        Assert.True(At(99) > 8 * At(50));
    }

    [Fact]
    public void Most_logins_come_from_a_device_and_user_agent_seen_before()
    {
        var seen = new HashSet<(string, string)>();
        var rows = Traffic.HonestMonth.Where(row => row.IsHonestLogin).ToArray();
        var settled = rows.Where(row => row.Time > new SimulationSettings().Start.AddDays(10)).ToHashSet();
        var fresh = rows.Where(row => seen.Add((row.Subject, row.UserAgent!))).Count(settled.Contains);
        var agents = (double)fresh / settled.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after ten days a user agent new to the account: {agents:P1}"));
        Assert.InRange(agents, 0.01, 0.15);
    }
}
