using System.Net;
using System.Text.Json;
using RiskEngine.Collectors.Authentik;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Telemetry;
using RiskEngine.Outbound;

namespace RiskEngine.Host.CrowdSec;

/// <summary>Fills the file of a feed with the decisions of a CrowdSec LAPI, as one of its bouncers.</summary>
/// <remarks>
/// The file is what the engine reads, so it is verified, watched and swapped as any other feed, and what it said stays in force while the LAPI does not
/// answer. It is written whole beside its place and moved there. After a failure everything is asked for anew: what an answer that was lost held is not missed.
/// </remarks>
internal sealed partial class LapiFeed : IDisposable
{
    private const int Largest = 64 << 20, Entries = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>After which the file is written although nothing changed, since its age tells that it is kept up.</summary>
    private static readonly TimeSpan Rewrite = TimeSpan.FromHours(1);

    private readonly FeedSettings _feed;
    private readonly PollPace _pace;
    private readonly OutboundClient _http;
    private readonly FeedPollMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly LapiMirror _mirror = new(Entries);
    private DateTimeOffset _written;
    private bool _isWhole = true, _isUnwritten;
    private string? _told;

    public LapiFeed(FeedSettings feed, OutboundRules rules, FeedPollMetrics metrics, ILogger logger, TimeProvider clock)
    {
        (_feed, _metrics, _logger, _clock) = (feed, metrics, logger, clock);
        _pace = new PollPace(TimeSpan.FromSeconds(feed.Crowdsec.PollSeconds));
        _http = new OutboundClient(new OutboundTarget { Rules = rules, AllowInsecure = feed.Crowdsec.AllowInsecureUrl, Timeout = Patience, BodyLimit = Largest, Connections = 1 }, clock);
    }

    /// <summary>One for each feed of the settings that names a LAPI.</summary>
    public static IEnumerable<LapiFeed> Of(RiskEngineSettings settings, EngineTelemetry telemetry, ILoggerFactory loggers) =>
        settings.Feeds.Where(feed => feed.Crowdsec.Url is not null)
            .Select(feed => new LapiFeed(feed, settings.Outbound, telemetry.FeedPolls, loggers.CreateLogger<LapiFeed>(), TimeProvider.System));

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
    }

    /// <summary>Asks once and says how long to wait.</summary>
    public async Task<TimeSpan> PollAsync(CancellationToken cancellation)
    {
        try
        {
            var (answer, fault, wait) = await AskAsync(cancellation);
            if (answer is null) return Failed(fault!, wait);
            _isUnwritten |= _mirror.Take(answer, _isWhole, EventTime.From(_clock.GetUtcNow()));
            if (_isUnwritten || _clock.GetUtcNow() - _written > Rewrite) Write();
            if (_mirror.LeftOut > 0) LogLeftOut(_logger, _feed.Name, _mirror.LeftOut);
            if (_told is not null) LogMended(_logger, _feed.Name);
            (_isWhole, _told) = (false, null);
            _metrics.Polled(_feed.Name, true);
            return _pace.AfterSuccess(isCaughtUp: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed($"its file cannot be written: {failure.Message}", null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(LapiStream? Answer, string? Fault, TimeSpan? Wait)> AskAsync(CancellationToken cancellation)
    {
        if (TokenFile.Read(_feed.Crowdsec.KeyFile!) is not { } key) return (null, "crowdsec.key_file cannot be read or holds no key; \"cscli bouncers add riskengine\" prints one", null);
        var url = $"{_feed.Crowdsec.Url!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/decisions/stream?startup={(_isWhole ? "true" : "false")}&scopes=ip,range";
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Api-Key", key);
        var (answer, fault) = await _http.SendAsync(request, cancellation);
        if (answer is null) return (null, fault!.Value.Words, null);
        if (answer.Status == HttpStatusCode.Forbidden) return (null, "it refuses the key (403); is the bouncer still in \"cscli bouncers list\"?", answer.RetryAfter);
        if (answer.Status != HttpStatusCode.OK) return (null, $"it answers with status {(int)answer.Status}; is that the address of a LAPI?", answer.RetryAfter);
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, LapiJson.Default.LapiStream) is { } stream ? (stream, null, null) : NoStream();
        }
        catch (JsonException)
        {
            return NoStream();
        }

        static (LapiStream? Answer, string? Fault, TimeSpan? Wait) NoStream() => (null, "its answer is no list of decisions", null);
    }

    private TimeSpan Failed(string fault, TimeSpan? wait)
    {
        _metrics.Polled(_feed.Name, false);
        if (fault != _told) LogFault(_logger, _feed.Name, fault);
        (_told, _isWhole) = (fault, true);
        return _pace.AfterFailure(wait);
    }

    private void Write()
    {
        var beside = _feed.Path + ".new";
        File.WriteAllBytes(beside, _mirror.ToText(_feed.Name));
        File.Move(beside, _feed.Path, overwrite: true);
        (_written, _isUnwritten) = (_clock.GetUtcNow(), false);
    }

    [LoggerMessage(1, LogLevel.Error, "Feed {Feed}: {Fault}. What it said stays in force; it is asked again, less often while this lasts.")]
    private static partial void LogFault(ILogger logger, string feed, string fault);

    [LoggerMessage(2, LogLevel.Information, "Feed {Feed}: the LAPI answers again.")]
    private static partial void LogMended(ILogger logger, string feed);

    [LoggerMessage(3, LogLevel.Warning, "Feed {Feed}: {Count} decisions were left out: no addresses or ranges, or more than a million.")]
    private static partial void LogLeftOut(ILogger logger, string feed, int count);
}
