using RiskEngine.Core.Events;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>A file that the running server follows and that is full of rubbish.</summary>
public sealed class FileSourceLogTests
{
    [LinuxFact]
    public async Task Ten_thousand_broken_lines_fill_neither_the_log_nor_put_what_they_hold_into_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("events.jsonl", string.Concat(Enumerable.Range(0, 10_000).Select(i => $$"""{"occurred_at":"hunter{{i}}","kind":"login","subject":{"id":"jane{{i}}"} }""" + "\n")));
        folder.Write("riskengine.yaml", $"sources:\n  file:\n    - path: {file}\n      name: rubbish\n      format: riskengine\n      follow: false\n");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        await server.SeeAsync("9990 more records were rejected");
        Assert.Equal(10, server.Log().Split('\n').Count(line => line.Contains("(offset", StringComparison.Ordinal)));
        Assert.DoesNotContain("hunter", server.Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("jane", server.Log(), StringComparison.Ordinal);
        using var client = server.Client();
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains($"riskengine_events_rejected_total{{reason=\"{DefectReason.BadTime.Name()}\",source=\"file:rubbish\"}} 10000", metrics, StringComparison.Ordinal);
    }
}
