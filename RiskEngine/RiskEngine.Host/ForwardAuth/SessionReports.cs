using System.Text;
using System.Threading.Channels;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.ForwardAuth;

/// <summary>Tells the pipeline, as events of the kind <c>session_seen</c>, where sessions are used.</summary>
/// <remarks>
/// A session is told of when it is new, when its address changes, and once in an interval; what is told waits in a queue of 1,024 and is dropped, and
/// counted, where that is full or the pipeline does not take it. No answer to a proxy waits for any of it. Thread-safe.
/// </remarks>
internal sealed class SessionReports(ServerParts parts, ForwardAuthSettings settings) : BackgroundService
{
    private const int Waiting = 1024, Largest = 256, Remembered = 32_768;

    private readonly RecentTable _told = new(Remembered);
    private readonly Channel<SessionReport> _queue = Channel.CreateBounded<SessionReport>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly KeyedHash _hash = parts.State.Hash;

    /// <summary>Notes that a session is used; soon forgotten where nothing is new about it.</summary>
    public void Note(in ForwardedRequest request, UInt128 session, EventTime now)
    {
        if (session == 0 || request.Subject.Length == 0) return;
        var place = StateKeys.Pair(_hash, session, request.Address);
        if (_told.Find(place) is { } told && now - told < settings.SessionInterval) return;
        _told.Put(place, now);
        var report = new SessionReport(session, request.Subject, request.Address, request.UserAgent, request.Host, now);
        parts.Telemetry.ForwardAuth.Reported(_queue.Writer.TryWrite(report));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new EventBatch(Largest);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < Largest && _queue.Reader.TryRead(out var report)) Append(batch, report);
                await SubmitAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping; where sessions were seen last is seen again.
        }
    }

    private async Task SubmitAsync(EventBatch batch, CancellationToken stoppingToken)
    {
        try
        {
            await AnsweredAsync(batch, stoppingToken);
        }
        catch (Exception failure) when (failure is PipelineBusyException or PoisonSubmissionException or StateStoreException)
        {
            parts.Telemetry.ForwardAuth.Dropped(batch.Count);
        }
    }

    private async Task AnsweredAsync(EventBatch batch, CancellationToken stoppingToken)
    {
        try
        {
            await parts.Judge.SubmitAsync(batch, TelemetrySettings.ForwardAuthSource, cursor: null, stoppingToken);
        }
        catch (PipelineTimeoutException late)
        {
            // The batch is the pipeline's until it is done with it, however long that takes; meanwhile reports wait in the queue, or are dropped there.
            await late.Completion.WaitAsync(stoppingToken);
        }
    }

    private void Append(EventBatch batch, SessionReport report)
    {
        ref var e = ref batch.Add(default);
        e.Kind = EventKind.SessionSeen;
        e.OccurredAt = report.At;
        e.Id = Text(batch, $"forward-auth-{report.Session:x32}-{report.At.UnixMilliseconds}");
        if (settings.SubjectForm == SubjectForm.Id) e.SubjectId = Text(batch, report.Subject);
        else e.SubjectName = Text(batch, report.Subject);
        e.SourceIp = report.Address;
        e.Session = report.Session;
        if (report.UserAgent.Length > 0) e.UserAgent = Text(batch, report.UserAgent);
        if (report.Host.Length > 0) e.Application = Text(batch, report.Host);
    }

    private static Slice Text(EventBatch batch, string text) => batch.Append(Encoding.UTF8.GetBytes(text));

    private readonly record struct SessionReport(UInt128 Session, string Subject, IpAddress Address, string UserAgent, string Host, EventTime At);
}
