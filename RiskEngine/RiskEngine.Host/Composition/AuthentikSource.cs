using RiskEngine.Collectors.Authentik;
using RiskEngine.Collectors.File;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Composition;

/// <summary>Polls authentik for as long as the process runs, at its pace, and stores the cursor with what the rows changed.</summary>
/// <remarks>A failure is counted each time and logged once, with what to do; the cursor stays where it was, so nothing is lost while it lasts.</remarks>
internal sealed partial class AuthentikSource : IDisposable
{
    private const string Label = TelemetrySettings.AuthentikSource;

    private readonly RunningEngine _engine;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly AuthentikCollectorSettings _settings;
    private readonly AuthentikClient _client;
    private readonly PollPace _pace;
    private readonly RejectionLog _rejections;
    private readonly SourceSubmitter _submitter;
    private AuthentikCollector? _collector;
    private PollFailure _told;

    public AuthentikSource(AuthentikSourceSettings settings, RunningEngine engine, ILogger logger, TimeProvider clock)
    {
        (_engine, _logger, _clock) = (engine, logger, clock);
        _settings = new AuthentikCollectorSettings
        {
            Url = settings.Url!,
            ReadToken = () => settings.TokenFile is { } file ? TokenFile.Read(file) : TokenFile.Clean(settings.Token),
            Overlap = settings.Overlap,
            Backfill = settings.Backfill,
        };
        _client = new AuthentikClient(_settings, clock);
        _pace = new PollPace(TimeSpan.FromSeconds(settings.PollSeconds));
        _rejections = new RejectionLog(Label, logger, clock);
        _submitter = new SourceSubmitter(Label, Label, engine, logger);
    }

    /// <summary>The labels in metrics; none where authentik is not polled.</summary>
    public static IReadOnlyList<string> LabelsOf(RiskEngineSettings settings) => settings.Sources.Authentik.Url is null ? [] : [Label];

    /// <summary>The source that the settings ask for, or none.</summary>
    public static IEnumerable<AuthentikSource> Of(RiskEngineSettings settings, RunningEngine engine, ILoggerFactory loggers) =>
        settings.Sources.Authentik.Url is null ? [] : [new AuthentikSource(settings.Sources.Authentik, engine, loggers.CreateLogger<AuthentikSource>(), TimeProvider.System)];

    public async Task RunAsync(CancellationToken cancellation)
    {
        using (this)
        {
            while (!cancellation.IsCancellationRequested)
            {
                var wait = await PollAsync(cancellation);
                await Task.Delay(wait, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _rejections.Finish();
    }

    /// <summary>Polls once and says how long to wait.</summary>
    internal async Task<TimeSpan> PollAsync(CancellationToken cancellation)
    {
        try
        {
            _collector ??= await BeginAsync(cancellation);
            var hints = _engine.Telemetry.Hints?.BeginPoll() ?? [];
            var result = await _collector.PollAsync(TakeAsync, cancellation);
            if (result is { Fault: null, Waiting: 0 } && hints.Count > 0) await ConfirmAsync(hints, cancellation);
            return Note(result);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception failure)
        {
            // Whatever it is: a source that ended here would be missed by nobody.
            LogBroken(_logger, failure);
            return _pace.AfterFailure(null);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<AuthentikCollector> BeginAsync(CancellationToken cancellation)
    {
        var stored = await _engine.Parts.Records.ReadCursorAsync(Label, cancellation);
        return new AuthentikCollector(_settings, _engine.Formats, _client, AuthentikCursor.Parse(stored, _settings.Url));
    }

    private async Task TakeAsync(EventBatch batch, IReadOnlyList<RejectedRecord> rejected, string cursor, CancellationToken cancellation)
    {
        foreach (var row in rejected)
        {
            _engine.Telemetry.Intake.Rejected(Label, row.Defect.Reason);
            _rejections.Note(row);
        }

        await _submitter.SubmitAsync(batch, cursor, cancellation);
    }

    private async Task ConfirmAsync(IReadOnlyList<string> hints, CancellationToken cancellation)
    {
        var unconfirmed = await _engine.Telemetry.Hints!.ConfirmAsync(hints, _engine.Parts.Records, cancellation);
        if (unconfirmed > 0) LogUnconfirmed(_logger, unconfirmed);
    }

    private TimeSpan Note(PollResult result)
    {
        _rejections.Tell();
        var fault = result.Fault;
        _engine.Telemetry.Sources.Polled(Label, fault?.Failure ?? PollFailure.None, fault is null ? result.Waiting : null);
        if (fault is not null)
        {
            if (fault.Failure != _told) LogFault(_logger, _settings.Url.Host, fault.Detail);
            _told = fault.Failure;
            return _pace.AfterFailure(fault.RetryAfter);
        }

        if (_told != PollFailure.None) LogMended(_logger, _settings.Url.Host);
        _told = PollFailure.None;
        _engine.Telemetry.Sources.Succeeded(Label, _clock.GetUtcNow());
        return _pace.AfterSuccess(result.Waiting == 0);
    }

    [LoggerMessage(1, LogLevel.Error, "authentik at {Host}: {Fault}. Nothing is lost; it is asked again, less often while this lasts.")]
    private static partial void LogFault(ILogger logger, string host, string fault);

    [LoggerMessage(2, LogLevel.Information, "authentik at {Host} answers again.")]
    private static partial void LogMended(ILogger logger, string host);

    [LoggerMessage(4, LogLevel.Error, "{Count} events that a webhook told of are not in authentik's own record after two polls. Who holds the webhook's key may invent events: give it a new key (keys revoke, keys create), unless the token may not see all events.")]
    private static partial void LogUnconfirmed(ILogger logger, int count);

    [LoggerMessage(3, LogLevel.Error, "Polling authentik broke off and begins again; what was stored before counts as repeated.")]
    private static partial void LogBroken(ILogger logger, Exception failure);
}
