using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.InMemory;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>From a spray to the pager: RiskEngine, Prometheus and Alertmanager as they are, with the files under <c>Alerts/</c>.</summary>
/// <remarks>The engine says that an attack is over five minutes after it. <c>RISKENGINE_LONG_TESTS=1</c> waits for that; else a clock is put forward.</remarks>
public sealed class SprayTests(ITestOutputHelper output)
{
    private const string Series = "riskengine_attack_active{kind=\"password_spray\"}";

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), AttackIsOver = TimeSpan.FromMinutes(6);

    [LinuxFact("prometheus", "prometheus-alertmanager")]
    public async Task A_simulated_spray_pages_within_two_evaluations()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        await using var watch = await Watch.StartAsync(folder.FullName, server.Address);
        using var client = server.Client();
        var yesterday = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd");
        var spray = await Cli.Program.RunAsync("simulate", "--users", "100", "--days", "1", "--seed", "5", "--attacks", "spray", "--start", yesterday);

        await watch.Pages.SeeAsync(page => Name(page.Alert) == "RiskEngineHeartbeat" && page.Path == "/riskengine", Patience);
        using (var taken = await client.PostAsync("/api/v1/events", Json.Text(spray.Output, "application/x-ndjson"))) Assert.Equal(202, (int)taken.StatusCode);
        await AssertPagedAsync(watch);
        if (IsLong) await AssertOverAsync(watch, AttackIsOver + Patience);
    }

    [LinuxFact("prometheus", "prometheus-alertmanager")]
    public async Task When_the_spray_is_over_the_pager_and_the_mail_say_so()
    {
        using var folder = new TemporaryFolder();
        var clock = new ShiftedClock();
        var store = new InMemoryStateStore(new InMemoryStoreSettings { HashKey = "a key for testing"u8[..16].ToArray() }, clock);
        await using var server = await RunningServer.StartAsync(store, store, clock: clock);
        await using var watch = await Watch.StartAsync(folder.FullName, server.Admin.BaseAddress!);

        using (var taken = await server.Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson"))) Assert.Equal(202, (int)taken.StatusCode);
        await AssertPagedAsync(watch);
        clock.Advance(AttackIsOver);
        await AssertOverAsync(watch, Patience);
    }

    private async Task AssertPagedAsync(Watch watch)
    {
        var (path, page, at) = await watch.Pages.SeeAsync(sent => IsSpray(sent.Alert, "firing"), Patience);
        output.WriteLine(JsonSerializer.Serialize(page));
        Assert.Equal("/alertmanager", path);
        Assert.Equal("An attack on logins is under way: password_spray.", page.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.EndsWith("/RiskEngineAttackUnderWay.md", page.GetProperty("annotations").GetProperty("runbook_url").GetString(), StringComparison.Ordinal);
        var delay = at - await watch.FirstSeenAsync(Series);
        output.WriteLine($"Paged {delay.TotalSeconds:0.0} s after the metric was seen, evaluated every {Watch.Evaluation.TotalSeconds} s.");
        Assert.InRange(delay, TimeSpan.Zero, 2 * Watch.Evaluation);

        var mail = await watch.Mails.SeeAsync(sent => sent.Contains("Subject: CRITICAL: An attack on logins is under way:", StringComparison.Ordinal), Patience);
        output.WriteLine(mail);
        Assert.Contains("What to do: https://", mail, StringComparison.Ordinal);
    }

    private async Task AssertOverAsync(Watch watch, TimeSpan patience)
    {
        await watch.Pages.SeeAsync(sent => IsSpray(sent.Alert, "resolved"), patience);
        output.WriteLine(await watch.Mails.SeeAsync(sent => sent.Contains("Subject: OVER: An attack on logins is under way:", StringComparison.Ordinal), patience));
    }

    private static bool IsSpray(JsonElement alert, string status) =>
        Name(alert) == "RiskEngineAttackUnderWay" && alert.GetProperty("labels").GetProperty("kind").GetString() == "password_spray"
        && alert.GetProperty("status").GetString() == status;

    private static string? Name(JsonElement alert) => alert.GetProperty("labels").GetProperty("alertname").GetString();
}
