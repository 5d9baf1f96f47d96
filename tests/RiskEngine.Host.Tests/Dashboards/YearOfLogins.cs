using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>More than a year of recorded series, an hour apart, written as blocks that Prometheus reads at its start: it cannot be waited for.</summary>
internal static class YearOfLogins
{
    private static readonly TimeSpan Length = TimeSpan.FromDays(7 * 110);

    /// <summary>What is recorded, and how it goes with the hour (0 to 1).</summary>
    private static readonly (string Name, string Labels, Func<double, double> Value)[] Series =
    [
        ("instance:riskengine_logins:increase1h", "", day => 40 + (400 * day)),
        ("instance:riskengine_logins_failed:ratio_increase1h", "", day => 0.05 + (0.02 * day)),
        ("instance:riskengine_assessments:rate10m", "", day => 0.01 + (0.1 * day)),
        ("instance:riskengine_assessments_hit:rate10m", "", day => 0.001 * day),
        ("instance:riskengine_judge_busy:ratio_rate10m", "", day => 0.001 + (0.01 * day)),
        ("instance:riskengine_commits_in_flight:rate10m", "", day => 0.001 + (0.02 * day)),
        ("instance:riskengine_evaluate_errors:ratio_rate3d", "", _ => 0.0002),
        ("source:riskengine_events:rate10m", ",source=\"http\"", day => 0.01 + (0.1 * day)),
    ];

    public static async Task WriteAsync(string folder, string instance, DateTimeOffset until)
    {
        var text = new StringBuilder();
        var last = new DateTimeOffset(until.Ticks - (until.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        foreach (var (name, labels, value) in Series)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} gauge\n");
            for (var at = last - Length; at <= last; at += TimeSpan.FromHours(1))
            {
                var day = 0.5 - (0.5 * Math.Cos(at.TimeOfDay.TotalDays * 2 * Math.PI));
                var growth = 1 + ((at - last + Length) / Length);
                text.Append(CultureInfo.InvariantCulture, $"{name}{{instance=\"{instance}\",job=\"riskengine\"{labels}}} {value(day) * growth} {at.ToUnixTimeSeconds()}\n");
            }
        }

        text.Append("# EOF\n");
        var file = Path.Combine(folder, "year.txt");
        await File.WriteAllTextAsync(file, text.ToString());
        // Without the (hidden) flag it makes a block of every two hours, thousands of them.
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["tsdb", "create-blocks-from", "--quiet", "--max-block-duration=8760h", "openmetrics", file, Path.Combine(folder, "prometheus")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, await output + await error);
    }
}
