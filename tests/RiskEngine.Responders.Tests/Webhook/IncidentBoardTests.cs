using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Responders.Webhook;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Responders.Tests.Webhook;

public sealed class IncidentBoardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly IncidentBoard _board = new(IncidentSeverity.High);

    [Fact]
    public void An_incident_is_opened_once_and_resolved_once_when_it_has_been_quiet_for_an_hour()
    {
        Assert.Equal([(IncidentChange.Opened, "i1")], At(0, Incident()));
        Assert.Empty(At(1, Incident()));
        Assert.Empty(At(60, Incident()));
        Assert.Equal([(IncidentChange.Resolved, "i1")], At(61, Incident()));
        Assert.Empty(At(62, Incident()));
        Assert.Empty(At(62));
    }

    [Fact]
    public void It_is_updated_where_it_grows_and_not_more_often_than_once_a_minute()
    {
        At(0, Incident());
        Assert.Empty(At(0.5, Incident(hits: 2)));
        Assert.Equal([(IncidentChange.Updated, "i1")], At(1, Incident(hits: 3)));
        Assert.Empty(At(2.5, Incident(hits: 3)));
        Assert.Equal([(IncidentChange.Updated, "i1")], At(3, Incident(IncidentSeverity.Critical, hits: 3)));
    }

    [Fact]
    public void One_that_goes_on_after_it_was_resolved_is_updated()
    {
        At(0, Incident());
        At(61, Incident());
        Assert.Equal([(IncidentChange.Updated, "i1")], At(70, Incident(lastSeen: 70)));
        Assert.Equal([(IncidentChange.Resolved, "i1")], At(131, Incident(lastSeen: 70)));
    }

    [Fact]
    public void One_that_became_a_part_of_another_is_resolved()
    {
        At(0, Incident(), Incident(id: "i2"));
        Assert.Equal([(IncidentChange.Resolved, "i2")], At(1, Incident()));
        Assert.Empty(At(2, Incident()));
    }

    [Fact]
    public void Below_the_severity_asked_for_nothing_is_told_and_above_it_is_new() => Assert.Equal(
        [(IncidentChange.Opened, "i1")], [.. At(0, Incident(IncidentSeverity.Medium)), .. At(1, Incident(IncidentSeverity.High))]);

    [Fact]
    public void After_a_restart_what_was_quiet_by_then_is_only_resolved_and_what_is_old_not_told()
    {
        Assert.Equal([(IncidentChange.Resolved, "i1")], At(90, Incident()));
        Assert.Empty(new IncidentBoard(IncidentSeverity.High).Next([Incident()], Noon + IncidentBoard.Old));
    }

    [Fact]
    public async Task What_is_told_again_after_a_restart_leaves_once()
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var webhook = new WebhookSubscription(
            new WebhookSettings
            {
                Name = "webhook-soc", Url = new Uri("https://soc.example.org/"), ReadSecret = () => null, Naming = IncidentNaming.Clear, PublicUrl = new Uri("https://risk.example.org/base/"),
            },
            store.Hash);
        for (var start = 0; start < 2; start++)
        {
            var board = new IncidentBoard(IncidentSeverity.High);
            foreach (var minute in new[] { 0, 61 })
            {
                var notices = board.Next([Incident()], Noon.AddMinutes(minute));
                await store.Outbox.AddAsync([.. notices.Select(notice => webhook.Told(notice, EventTime.From(Noon.AddMinutes(minute))))], CancellationToken.None);
            }
        }

        var items = await store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None);
        var bodies = items.Select(item => JsonDocument.Parse(item.Payload).RootElement).ToList();
        Assert.Equal(["opened", "resolved"], bodies.Select(body => body.GetProperty("change").GetString()));
        Assert.Single(items.Select(item => item.OrderKey).Distinct());
        var body = bodies[0];
        Assert.Equal(("incident", "i1", "high", "https://risk.example.org/base/api/v1/incidents/i1"), (
            body.GetProperty("type").GetString(), body.GetProperty("incident_id").GetString(), body.GetProperty("severity").GetString(), body.GetProperty("url").GetString()));
        Assert.Equal(items[0].IdempotencyKey, body.GetProperty("id").GetString());
    }

    private static ToldIncident Incident(IncidentSeverity severity = IncidentSeverity.High, string id = "i1", long hits = 1, double lastSeen = 0) =>
        new(id, severity, "takeover", "title", "summary", ["do"], Noon.AddMinutes(-5), Noon.AddMinutes(lastSeen), hits, IsClosed: false);

    private IEnumerable<(IncidentChange, string)> At(double minute, params ToldIncident[] incidents) =>
        [.. _board.Next(incidents, Noon.AddMinutes(minute)).Select(notice => (notice.Change, notice.Incident.Id))];
}
