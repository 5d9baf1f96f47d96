using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Responders.People;

namespace RiskEngine.Responders.Webhook;

/// <summary>What one webhook is told. A flood of equal decisions about a subject is told once in each window of event time.</summary>
public sealed class WebhookSubscription(WebhookSettings settings, KeyedHash hash) : IOutboxSubscription
{
    private const ulong Tweak = 0x776562686f6f6b;

    /// <summary>For how long a key is remembered beyond its window: events of the window may come late.</summary>
    private static readonly TimeSpan LateEvents = TimeSpan.FromHours(1);

    private readonly WebhookBody _body = new(settings.Naming, settings.Names);

    public DecisionAction MinimumAction => settings.MinimumAction;

    public void Decided(Effects effects, int index, ICollection<OutboxItem> owed)
    {
        ref readonly var assessment = ref effects[index];
        if (!Tells(ResponderEvents.Decisions) || (assessment.Action < settings.MinimumAction && !assessment.Notify)) return;
        var (batch, rule) = (effects.Batch, WebhookBody.RuleOf(effects, index));
        if (settings.Rules.Count > 0 && (rule is null || !settings.Rules.Contains(rule))) return;
        var (tenant, subject) = (TenantOf(batch, batch[index]), batch.String(batch[index].SubjectId.IsEmpty ? batch[index].SubjectName : batch[index].SubjectId));
        var isEach = settings.Window == TimeSpan.Zero;
        var id = isEach ? Id("decision", tenant, batch.String(batch[index].Id)) : Id(
            "decision", tenant, subject, rule ?? "", assessment.Action.Name(), (batch[index].OccurredAt.UnixMilliseconds / (long)settings.Window.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        var handle = SubjectHandle.Of(hash, tenant, subject);
        owed.Add(Item("decision", id, $"subject/{handle:x32}", handle, _body.Decision(id, effects, index, LinkOf(effects, index, tenant, handle))) with { OnceFor = isEach ? TimeSpan.Zero : settings.Window + LateEvents, MostPerHour = settings.MostPerHour });
    }

    public void Blocked(Block block, ICollection<OutboxItem> owed)
    {
        if (!Tells(ResponderEvents.Blocks)) return;
        var id = Id("block", block.Tenant, block.Scope.Name(), block.Value, block.CreatedAt.ToString());
        owed.Add(Item("block", id, OrderOf(block), SubjectHandle.Of(hash, block), _body.Block("block", id, block, block.CreatedAt)));
    }

    public void Released(Block block, EventTime at, ICollection<OutboxItem> owed)
    {
        if (!Tells(ResponderEvents.Releases)) return;
        var id = Id("release", block.Tenant, block.Id.ToString(CultureInfo.InvariantCulture), at.ToString());
        owed.Add(Item("release", id, OrderOf(block), SubjectHandle.Of(hash, block), _body.Block("release", id, block, at)));
    }

    public void Labelled(StoredEvent stored, Feedback feedback, ICollection<OutboxItem> owed)
    {
        if (!Tells(ResponderEvents.Feedback)) return;
        var id = Id("feedback", stored.Tenant, stored.EventId, feedback.Label.Name(), feedback.At.ToString());
        var handle = SubjectHandle.Of(hash, stored.Tenant, stored.Subject);
        owed.Add(Item("feedback", id, $"subject/{handle:x32}", handle, _body.Feedback(id, stored, feedback)));
    }

    /// <summary>Gets whether it wants to hear of incidents, and from which severity on.</summary>
    public bool TellsIncidents => Tells(ResponderEvents.Incidents);

    public IncidentSeverity MinimumSeverity => settings.MinimumSeverity;

    /// <summary>What is owed because of news of an incident. The same news, told again after a restart, is the same item.</summary>
    public OutboxItem Told(IncidentNotice notice, EventTime now)
    {
        var (change, incident) = (notice.Change, notice.Incident);
        var what = change switch
        {
            IncidentChange.Opened => "",
            IncidentChange.Updated => $"{incident.Severity} {incident.Hits} {incident.LastSeen.Ticks / IncidentBoard.Quiet.Ticks}",
            _ => incident.LastSeen.ToString("O", CultureInfo.InvariantCulture),
        };
        var id = Id("incident", incident.Id, change.ToString(), what);
        return Item("incident", id, $"incident/{incident.Id}", null, _body.Incident(id, notice, now, settings.PublicUrl)) with { OnceFor = IOutbox.LongestAge };
    }

    /// <summary>A link for events in which somebody used the account, or has its password; guesses are not worth a person's while, and a name that does not exist is nobody's.</summary>
    private Uri? LinkOf(Effects effects, int index, string tenant, UInt128 subject)
    {
        ref readonly var e = ref effects.Batch[index];
        if (settings.ReportLink is not { } link || e.SubjectIsUnknown || e.Kind is EventKind.LoginFailed or EventKind.LoginAttempt) return null;
        return link(new ReportClaim(tenant, effects.Batch.String(e.Id), subject, e.OccurredAt + settings.ReportLinkFor));
    }

    private bool Tells(ResponderEvents what) => (settings.Events & what) != ResponderEvents.None;

    private static string TenantOf(EventBatch batch, in LoginEvent e) => e.Tenant.IsEmpty ? "default" : batch.String(e.Tenant);

    /// <summary>What is blocked and released keeps its order, whoever it names.</summary>
    private string OrderOf(Block block) => $"block/{hash.Hash(Encoding.UTF8.GetBytes($"{block.Tenant}\0{block.Scope.Name()}\0{block.Value}"), Tweak):x32}";

    /// <summary>A keyed hash: ids travel, and are kept by others.</summary>
    private string Id(params ReadOnlySpan<string?> parts) => hash.Hash(Encoding.UTF8.GetBytes(string.Join('\0', parts)), Tweak).ToString("x32", CultureInfo.InvariantCulture);

    private OutboxItem Item(string kind, string id, string order, UInt128? subject, byte[] body) => new()
    {
        Responder = settings.Name, OrderKey = order, Kind = kind, IdempotencyKey = id, Payload = body, Subject = subject,
    };
}
