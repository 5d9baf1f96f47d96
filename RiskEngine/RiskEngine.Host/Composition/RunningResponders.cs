using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Incidents;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Telemetry.Traces;
using RiskEngine.Outbound;
using RiskEngine.Responders;
using RiskEngine.Responders.Authentik;
using RiskEngine.Responders.Delivery;
using RiskEngine.Responders.Kafka;
using RiskEngine.Responders.People;
using RiskEngine.Responders.Webhook;

namespace RiskEngine.Host.Composition;

/// <summary>The responders that settings ask for: what each wants to hear of, and a pump for each. Without any, nothing is owed and nothing connects.</summary>
internal sealed class RunningResponders : IDisposable
{
    private readonly List<IOutboxSubscription> _subscriptions = [];
    private readonly List<WebhookSubscription> _webhooks = [];
    private readonly List<OutboxPump> _pumps = [];
    private readonly List<IDisposable> _clients = [];
    private readonly IOutbox _outbox;
    private readonly ResponderWatch _watch;
    private readonly Spans _spans;
    private readonly TimeProvider _clock;
    private readonly IncidentTeller _incidents;

    public RunningResponders(RiskEngineSettings settings, IRecordStore records, Func<bool> leads, EngineTelemetry telemetry, KeyedHash hash, ILoggerFactory loggers, RunningKafka? kafka, TimeProvider clock)
    {
        (_outbox, _watch, _spans, _clock) = (records.Outbox, telemetry.Responders, telemetry.Spans, clock);
        _outbox.Signals.Dead = _watch.Died;
        if (settings.Responders.Authentik.Enabled) AddAuthentik(settings.Responders.Authentik, settings, records, hash);
        foreach (var webhook in settings.Webhooks) AddWebhook(webhook, settings, telemetry.Personal, hash);
        if (kafka is { Settings.Decisions: true }) AddKafka(kafka, hash);
        _incidents = new IncidentTeller(_webhooks, telemetry.Incidents, telemetry.Personal, _outbox, leads, loggers.CreateLogger<IncidentTeller>(), clock);
    }

    /// <summary>Gets what each wants to hear of, for the judge and for the acts of people.</summary>
    public IReadOnlyList<IOutboxSubscription> Subscriptions => _subscriptions;

    /// <summary>The names of responders in metrics.</summary>
    public static IReadOnlyList<string> NamesOf(RiskEngineSettings settings) =>
    [
        .. settings.Responders.Authentik.Enabled ? (string[])[AuthentikTarget.ResponderName] : [], .. settings.Webhooks.Select(NameOf),
        .. settings.Kafka is { IsOn: true, Decisions: true } ? (string[])[KafkaResponder.ResponderName] : [],
        .. settings.Alertmanager.Urls.Count > 0 ? (string[])[IncidentPager.ResponderName] : [],
    ];

    /// <summary>Delivers until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _outbox.Signals.Owed = Wake;
        await Task.WhenAll(_pumps.Select(pump => pump.RunAsync(stop)).Append(_incidents.RunAsync(stop)));
        _outbox.Signals.Owed = null;
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private static string NameOf(WebhookResponderSettings webhook) => $"webhook-{webhook.Name}";

    private void Wake(string responder) => _pumps.Find(pump => pump.Name == responder)?.Wake();

    private void AddWebhook(WebhookResponderSettings webhook, RiskEngineSettings settings, PersonalText personal, KeyedHash hash)
    {
        var client = Client(new OutboundTarget { Rules = settings.Outbound, AllowInsecure = webhook.AllowInsecureUrl, BodyLimit = 64 * 1024, Connections = webhook.Concurrency });
        var told = new WebhookSettings
        {
            Name = NameOf(webhook), Url = webhook.Url, ReadSecret = () => TokenFile.Read(webhook.SecretFile), Events = webhook.Events, MinimumAction = webhook.MinimumAction,
            Rules = webhook.Rules, MostPerHour = webhook.MostPerHour, MinimumSeverity = webhook.MinimumSeverity, PublicUrl = settings.Http.PublicUrl,
            Window = webhook.Window, Names = webhook.Names, Naming = personal.NamingForOthers(webhook.Names),
            ReportLink = webhook.ReportLink ? Linking(settings.Http.PublicUrl!, hash) : null, ReportLinkFor = webhook.ReportLinkFor,
        };
        var subscription = new WebhookSubscription(told, hash);
        _subscriptions.Add(subscription);
        _webhooks.Add(subscription);
        AddPump(webhook, new WebhookResponder(told, client, _clock));
    }

    private static Func<ReportClaim, Uri?> Linking(Uri publicUrl, KeyedHash hash)
    {
        var links = new ReportLinks(hash);
        return claim => links.Link(publicUrl, claim);
    }

    private void AddAuthentik(AuthentikResponderSettings wanted, RiskEngineSettings settings, IRecordStore records, KeyedHash hash)
    {
        var target = new AuthentikTarget
        {
            Url = settings.Authentik.Url!,
            ReadToken = () => TokenFile.Read(settings.Authentik.TokenFile!),
            NameOf = new StoredNames(records, hash).FindAsync,
            Acts = new AuthentikActs
            {
                Membership = wanted.Membership, RiskGroup = wanted.RiskGroup, EndSessions = (EndedSessions)wanted.EndSessions, Deactivate = wanted.Deactivate,
                ForgetReputation = wanted.ForgetReputation, SuspiciousRequest = wanted.SuspiciousRequest, MinimumAction = wanted.MinimumAction,
            },
        };
        _subscriptions.Add(new AuthentikSubscription(target.Acts, hash));
        AddPump(wanted, new AuthentikResponder(target, Client(new OutboundTarget { Rules = settings.Outbound, AllowInsecure = settings.Authentik.AllowInsecureUrl, Connections = wanted.Concurrency })));
    }

    private void AddKafka(RunningKafka kafka, KeyedHash hash)
    {
        _subscriptions.Add(new KafkaSubscription(hash));
        _pumps.Add(new OutboxPump(new TracedResponder(new KafkaResponder(kafka.Producer, kafka.Settings.Topics.Decisions), _spans), _outbox, new PumpSettings { Concurrency = 32 }, _watch, _clock));
    }

    private OutboundClient Client(OutboundTarget target)
    {
        var client = new OutboundClient(target, _clock);
        _clients.Add(client);
        return client;
    }

    private void AddPump(DeliverySettings settings, IResponder responder) => _pumps.Add(new OutboxPump(
        new TracedResponder(settings.DryRun ? new DryRunResponder(responder.Name, _watch.WouldDo) : responder, _spans), _outbox,
        new PumpSettings { Concurrency = settings.Concurrency, GiveUpAfter = settings.GiveUpAfter }, _watch, _clock));
}
