using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Host.Telemetry;
using RiskEngine.Outbound;
using RiskEngine.Responders;
using RiskEngine.Responders.Alertmanager;
using RiskEngine.Responders.Delivery;

namespace RiskEngine.Host.Incidents;

/// <summary>Tells Alertmanager of incidents that go on, see <see cref="AlertBoard"/>.</summary>
/// <remarks>
/// Looks once a second, so a page waits for that and for the network. Nothing is kept for an Alertmanager that is away: what goes on then is told once it is
/// back. Waits until incidents of before the start are in, so that none is resolved only because the program was restarted. Of replicas one tells.
/// </remarks>
internal sealed partial class IncidentPager(AlertmanagerTarget target, IncidentWatch watch, PersonalText personal, IDeliveryObserver observer, Func<bool> leads, ILogger logger, TimeProvider clock) : IDisposable
{
    /// <summary>What metrics call it.</summary>
    public const string ResponderName = "alertmanager";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, so that a cluster that is away is not asked every second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly AlertBoard _board = new(target);
    private readonly AlertmanagerClient _client = new(target, clock);
    private readonly HashSet<Uri> _down = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        using (this)
        {
            try
            {
                while (true) await Task.Delay(await TryTellAsync(cancellation) ? Interval : Pause, clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                // Told to stop: what goes on is told by whoever is started next, or ends by itself.
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> TryTellAsync(CancellationToken cancellation)
    {
        try
        {
            return await TellAsync(cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            observer.Threw(ResponderName, failure);
            return false;
        }
    }

    /// <summary>Tells what is due; false where nobody took it.</summary>
    internal async Task<bool> TellAsync(CancellationToken cancellation)
    {
        if (!watch.IsReady || !leads()) return true;
        var now = clock.GetUtcNow();
        var alerts = _board.Next(watch.Read(book => Paged(book, EventTime.From(now))), now);
        if (alerts.Count == 0) return true;
        var failed = await _client.SendAsync(alerts, Note, cancellation);
        _board.Failed(failed);
        return failed.Count == 0;
    }

    private PagedIncident[] Paged(IncidentBook book, EventTime now)
    {
        var naming = personal.Naming(names: false);
        return
        [
            .. from incident in book.Open
               where incident.Severity >= target.MinimumSeverity && now - incident.LastSeen <= target.ResolveAfter && book.IsOpen(incident, now)
               let report = IncidentReporter.Report(incident, isOpen: true, naming)
               select new PagedIncident(report.Id, incident.Severity, report.Kind, report.Title, report.Summary, report.NextSteps, report.FirstSeen, report.LastSeen),
        ];
    }

    private void Note(Uri url, OutboundAnswer? answer, OutboundFault? fault, TimeSpan took)
    {
        var result = HttpDelivery.Of(answer, fault);
        var isTaken = result.Verdict == DeliveryVerdict.Delivered;
        observer.Tried(ResponderName, result, took);
        lock (_down)
        {
            if (!(isTaken ? _down.Remove(url) : _down.Add(url))) return;
        }

        if (isTaken) LogBack(logger, url.Authority);
        else LogDown(logger, url.Authority, result.Words);
    }

    [LoggerMessage(1, LogLevel.Error, "Alertmanager {Instance} does not take alerts: {Reason}. Incidents are told again until it does; see alertmanager.urls.")]
    private static partial void LogDown(ILogger logger, string instance, string reason);

    [LoggerMessage(2, LogLevel.Information, "Alertmanager {Instance} takes alerts again.")]
    private static partial void LogBack(ILogger logger, string instance);
}
