using System.Diagnostics;
using System.Text.Json;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Responders.Alertmanager;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>From an event to the pager by way of an incident: RiskEngine and Alertmanager as they are, with the files under <c>Alerts/</c>.</summary>
public sealed class IncidentPageTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact("prometheus-alertmanager")]
    public async Task An_incident_is_mailed_pages_once_when_it_becomes_critical_and_is_updated_without_paging_again()
    {
        await using var watch = await Watch.StartAsync(_folder.FullName, null);
        _folder.Write("riskengine.yaml", $$"""
            http: { public_url: https://risk.example.org/base }
            detection: { honey_account: { subjects: [zoe1, zoe2, zoe3, zoe4] } }
            alertmanager: { urls: ['{{watch.Alertmanager}}'], resend: 10s }
            """);
        await using var server = await ServedProgram.StartAsync(_folder.FullName);
        using var client = server.Client();

        await PostAsync(client, SomeEvent.Login("first", "login_failed", "203.0.113.9", "zoe1"));
        var mail = await watch.Mails.SeeAsync(sent => sent.Contains("Subject: WARNING: Honey account", StringComparison.Ordinal), Patience);
        output.WriteLine(mail);
        Assert.Contains("https://risk.example.org/base/api/v1/incidents/", mail, StringComparison.Ordinal);
        // No pseudonym, which is hexadecimal, has such a name in it by chance.
        Assert.DoesNotContain("zoe1", mail.Replace("=\r\n", "", StringComparison.Ordinal).Split("Subject:")[1].Split('\n')[0], StringComparison.Ordinal);

        var clock = Stopwatch.StartNew();
        await PostAsync(client, [.. Enumerable.Range(1, 3).Select(i => SomeEvent.Login($"in{i}", "login", "203.0.113.9", $"zoe{i}"))]);
        var (path, page, _) = await watch.Pages.SeeAsync(sent => IsIncident(sent.Alert, "firing"), Patience);
        output.WriteLine($"paged {clock.Elapsed.TotalSeconds:0.0} s after the events were sent: {page}");
        Assert.Equal(("/alertmanager", "critical"), (path, page.GetProperty("labels").GetProperty("severity").GetString()));

        await PostAsync(client, SomeEvent.Login("in4", "login", "203.0.113.9", "zoe4"));
        await UpdatedAsync(watch, alert => alert.GetProperty("annotations").GetProperty("description").GetString()!.Contains("4 accounts", StringComparison.Ordinal));
        Assert.Single(watch.Pages.All, sent => IsIncident(sent.Alert, "firing"));
    }

    [LinuxFact("prometheus-alertmanager")]
    public async Task An_incident_that_is_over_is_resolved_at_the_pager_although_one_instance_of_two_is_away()
    {
        await using var watch = await Watch.StartAsync(_folder.FullName, null);
        var target = new AlertmanagerTarget { Urls = [watch.Alertmanager, new Uri("http://127.0.0.1:9")] };
        var board = new AlertBoard(target);
        using var client = new AlertmanagerClient(target, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        List<string> outcomes = [];
        var incident = new PagedIncident("i1", IncidentSeverity.Critical, "takeover", "Takeover of \"x\"\n<b>", "What happened.", ["Do this.", "Then that."], now.AddMinutes(-3), now);

        Assert.Empty(await client.SendAsync(board.Next([incident], now), (_, answer, fault, _) => Note(outcomes, answer?.IsSuccess, fault?.Code), CancellationToken.None));
        await watch.Pages.SeeAsync(sent => IsIncident(sent.Alert, "firing"), Patience);
        Assert.Empty(await client.SendAsync(board.Next([], DateTimeOffset.UtcNow), (_, answer, fault, _) => Note(outcomes, answer?.IsSuccess, fault?.Code), CancellationToken.None));
        var (_, over, _) = await watch.Pages.SeeAsync(sent => IsIncident(sent.Alert, "resolved"), Patience);
        Assert.Equal("Takeover of \"x\"\n<b>", over.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.Equal(["True", "True", "unreachable", "unreachable"], outcomes.Order(StringComparer.Ordinal));
    }

    [LinuxFact("prometheus-alertmanager")]
    public async Task Every_instance_of_a_cluster_is_told_and_the_pager_hears_it_once()
    {
        await using var watch = await Watch.StartAsync(_folder.FullName, null, instances: 2);
        await watch.JoinedAsync(Patience);
        var target = new AlertmanagerTarget { Urls = watch.Alertmanagers };
        var board = new AlertBoard(target);
        using var client = new AlertmanagerClient(target, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        List<string> outcomes = [];
        var incident = new PagedIncident("i1", IncidentSeverity.Critical, "takeover", "Takeover", "What happened.", ["Do this."], now.AddMinutes(-3), now);

        Assert.Empty(await client.SendAsync(board.Next([incident], now), (_, answer, fault, _) => Note(outcomes, answer?.IsSuccess, fault?.Code), CancellationToken.None));
        await watch.Pages.SeeAsync(sent => IsIncident(sent.Alert, "firing"), Patience);
        Assert.Empty(await client.SendAsync(board.Next([], DateTimeOffset.UtcNow), (_, answer, fault, _) => Note(outcomes, answer?.IsSuccess, fault?.Code), CancellationToken.None));
        await watch.Pages.SeeAsync(sent => IsIncident(sent.Alert, "resolved"), Patience);
        Assert.Equal(["True", "True", "True", "True"], outcomes);
        Assert.Single(watch.Pages.All, sent => IsIncident(sent.Alert, "firing"));
        Assert.Single(watch.Pages.All, sent => IsIncident(sent.Alert, "resolved"));
    }

    private static void Note(List<string> outcomes, bool? isTaken, string? fault)
    {
        lock (outcomes) outcomes.Add(fault ?? isTaken.ToString()!);
    }

    private static async Task PostAsync(HttpClient client, params Dictionary<string, object?>[] events)
    {
        using var taken = await client.PostAsync("/api/v1/events", Json.Text(JsonSerializer.Serialize(events), "application/json"));
        Assert.Equal(202, (int)taken.StatusCode);
    }

    private static async Task UpdatedAsync(Watch watch, Predicate<JsonElement> isUpdated)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!(await watch.AlertsAsync()).Any(alert => isUpdated(alert))) await Task.Delay(200, patience.Token);
    }

    private static bool IsIncident(JsonElement alert, string status) =>
        alert.GetProperty("labels").GetProperty("alertname").GetString() == "RiskEngineIncident" && alert.GetProperty("status").GetString() == status;
}
