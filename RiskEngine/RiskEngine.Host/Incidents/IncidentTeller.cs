using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry;
using RiskEngine.Responders.Webhook;

namespace RiskEngine.Host.Incidents;

/// <summary>Owes webhooks what is new of incidents, by the outbox, so that it is kept while they are away.</summary>
/// <remarks>Looks once a second. Waits until incidents of before the start are in. Of replicas one tells; what it told another does not tell again. What cannot be stored is owed at the next look.</remarks>
internal sealed partial class IncidentTeller(IReadOnlyList<WebhookSubscription> webhooks, IncidentWatch watch, PersonalText personal, IOutbox outbox, Func<bool> leads, ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, so that a store in trouble is not asked every second.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly (WebhookSubscription Webhook, IncidentBoard Board)[] _boards = [.. webhooks.Where(webhook => webhook.TellsIncidents).Select(webhook => (webhook, new IncidentBoard(webhook.MinimumSeverity)))];
    private readonly IncidentSeverity _least = webhooks.Select(webhook => webhook.MinimumSeverity).DefaultIfEmpty(IncidentSeverity.Critical).Min();
    private List<OutboxItem> _owed = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_boards.Length == 0) return;
        try
        {
            while (true) await Task.Delay(await TryTellAsync(cancellation) ? Interval : PauseAfterFailure, clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Told to stop: what is not owed yet is owed after the next start.
        }
    }

    /// <summary>Owes what is due; false where it could not be stored.</summary>
    internal async Task<bool> TryTellAsync(CancellationToken cancellation)
    {
        if (!watch.IsReady || !leads()) return true;
        var now = clock.GetUtcNow();
        var incidents = watch.Read(book => Told(book, EventTime.From(now)));
        foreach (var (webhook, board) in _boards) _owed.AddRange(board.Next(incidents, now).Select(notice => webhook.Told(notice, EventTime.From(now))));
        if (_owed.Count == 0) return true;
        try
        {
            await outbox.AddAsync(_owed, cancellation);
            _owed = [];
            return true;
        }
        catch (StateStoreException failure)
        {
            LogFailed(logger, failure.Message);
            return false;
        }
    }

    private ToldIncident[] Told(IncidentBook book, EventTime now)
    {
        var naming = personal.NamingForOthers(names: false);
        return
        [
            .. from incident in book.Open.Concat(book.Closed)
               where incident.Severity >= _least && now - incident.LastSeen < IncidentBoard.Old
               let report = IncidentReporter.Report(incident, isOpen: !incident.IsClosed, naming)
               select new ToldIncident(
                   report.Id, incident.Severity, report.Kind, report.Title, report.Summary, report.NextSteps, report.FirstSeen, report.LastSeen, report.SubjectsHit.Count, incident.IsClosed),
        ];
    }

    [LoggerMessage(1, LogLevel.Warning, "What is new of incidents cannot be stored for webhooks, and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
