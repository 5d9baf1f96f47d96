using System.Diagnostics;
using RiskEngine.Collectors.Authentik;
using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>Asks one source again and again, at its pace, and brings what it gives into the judge loop.</summary>
/// <remarks>A failure is counted each time and logged once, with what to do; the cursor stays where it was, so nothing is lost while it lasts.</remarks>
/// <param name="label">The source in metrics and logs, and the name of its cursor.</param>
/// <param name="poll">Asks once.</param>
internal sealed partial class PolledSource(string label, PollPace pace, Func<TakeRows, CancellationToken, Task<PollResult>> poll, RunningEngine engine, ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan AheadToldAgain = TimeSpan.FromHours(1);

    private readonly RejectionLog _rejections = new(label, (reason, count) => engine.Telemetry.Intake.Rejected(label, reason, count), logger, clock);
    private readonly SourceSubmitter _submitter = new(label, label, engine, logger);
    private PollFailure _told;
    private string? _noted;
    private DateTimeOffset _aheadTold = DateTimeOffset.MinValue;

    /// <param name="wait">How long to wait before it is asked for the first time.</param>
    public async Task RunAsync(CancellationToken cancellation, TimeSpan wait = default)
    {
        await Task.Delay(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!cancellation.IsCancellationRequested)
        {
            wait = await PollAsync(cancellation);
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _rejections.Finish();
    }

    /// <summary>Gets or sets who is told that another replica polls for now, so that what is remembered of the source is out of date.</summary>
    public Action? Followed { get; init; }

    /// <summary>Polls once and says how long to wait.</summary>
    public async Task<TimeSpan> PollAsync(CancellationToken cancellation)
    {
        if (!engine.Polls)
        {
            Followed?.Invoke();
            return pace.AfterSuccess(true);
        }

        using var span = engine.Telemetry.Spans.Begin("poll", ActivityKind.Client);
        span?.SetTag("riskengine.source", label);
        try
        {
            var result = await poll(TakeAsync, cancellation);
            span?.SetTag("riskengine.outcome", result.Fault is { } fault ? fault.Failure.Name() : "ok");
            if (result.Fault is not null) span?.SetStatus(ActivityStatusCode.Error);
            return Note(result);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception failure)
        {
            span?.SetTag("riskengine.outcome", PollFailure.BrokenOff.Name()).SetStatus(ActivityStatusCode.Error);
            // Whatever it is: a source that ended here would be missed by nobody.
            engine.Telemetry.Sources.Polled(label, PollFailure.BrokenOff, null);
            if (_told != PollFailure.BrokenOff) LogBroken(logger, label, failure);
            _told = PollFailure.BrokenOff;
            return pace.AfterFailure(null);
        }
    }

    private async Task TakeAsync(EventBatch batch, IReadOnlyList<RejectedRecord> rejected, string? cursor, CancellationToken cancellation)
    {
        _rejections.Note(rejected);
        await _submitter.SubmitAsync(batch, cursor, cancellation);
    }

    private TimeSpan Note(PollResult result)
    {
        _rejections.Tell();
        var fault = result.Fault;
        engine.Telemetry.Sources.Polled(label, fault?.Failure ?? PollFailure.None, fault is null ? result.Waiting : null);
        if (fault is not null)
        {
            if (fault.Failure != _told) LogFault(logger, label, fault.Detail);
            _told = fault.Failure;
            return pace.AfterFailure(fault.RetryAfter);
        }

        if (result.Ahead > 0) NoteAhead(result.Ahead);
        if (result.Note is { } note && note != _noted) LogNote(logger, label, note);
        _noted = result.Note;
        if (_told != PollFailure.None) LogMended(logger, label);
        _told = PollFailure.None;
        engine.Telemetry.Sources.Succeeded(label, clock.GetUtcNow());
        return pace.AfterSuccess(result.Waiting == 0);
    }

    private void NoteAhead(int rows)
    {
        engine.Telemetry.Sources.Ahead(label, rows);
        var now = clock.GetUtcNow();
        if (now - _aheadTold < AheadToldAgain) return;
        _aheadTold = now;
        LogAhead(logger, label, rows, (int)engine.Formats.FutureTolerance.TotalMinutes);
    }

    [LoggerMessage(5, LogLevel.Warning, "{Source}: {Note}.")]
    private static partial void LogNote(ILogger logger, string source, string note);

    [LoggerMessage(4, LogLevel.Warning, "{Source}: {Rows} rows are dated more than {Minutes} minutes ahead of this machine's clock. They are taken when it is their time, and nothing else waits for them; set the clocks by the same time server. Told once an hour.")]
    private static partial void LogAhead(ILogger logger, string source, int rows, int minutes);

    [LoggerMessage(1, LogLevel.Error, "{Source}: {Fault}. Nothing is lost; it is asked again, less often while this lasts.")]
    private static partial void LogFault(ILogger logger, string source, string fault);

    [LoggerMessage(2, LogLevel.Information, "{Source} answers again.")]
    private static partial void LogMended(ILogger logger, string source);

    [LoggerMessage(3, LogLevel.Error, "{Source}: the poll broke off and begins again; what was stored before counts as repeated.")]
    private static partial void LogBroken(ILogger logger, string source, Exception failure);
}
