using RiskEngine.Collectors.Authentik;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Composition;

/// <summary>Polls authentik's events, and its sessions and accounts where asked to, for as long as the process runs; confirms what a webhook told before.</summary>
internal sealed partial class AuthentikSource : IDisposable
{
    private const string Label = TelemetrySettings.AuthentikSource;

    private readonly RunningEngine _engine;
    private readonly ILogger _logger;
    private readonly AuthentikCollectorSettings _settings;
    private readonly List<AuthentikClient> _clients = [];
    private readonly PolledSource _events;
    private readonly PolledSource? _sessions;
    private readonly PolledSource? _accounts;
    private AuthentikCollector? _collector;

    public AuthentikSource(AuthentikSourceSettings settings, OutboundRules outbound, RunningEngine engine, ILogger logger, TimeProvider clock)
    {
        (_engine, _logger) = (engine, logger);
        _settings = new AuthentikCollectorSettings
        {
            Url = settings.Url!,
            Outbound = outbound,
            AllowInsecure = settings.AllowInsecureUrl,
            ReadToken = () => settings.TokenFile is { } file ? TokenFile.Read(file) : TokenFile.Clean(settings.Token),
            Overlap = settings.Overlap,
            Backfill = settings.Backfill,
        };
        var interval = TimeSpan.FromSeconds(settings.PollSeconds);
        _events = new PolledSource(Label, new PollPace(interval), PollEventsAsync, engine, logger, clock) { Followed = () => _collector = null };
        if (settings.Accounts > TimeSpan.Zero)
        {
            var accounts = new AuthentikAccounts(_settings, Client(clock));
            _accounts = new PolledSource(TelemetrySettings.AuthentikAccountsSource, new PollPace(settings.Accounts), (_, cancellation) => ReadAccountsAsync(accounts, cancellation), engine, logger, clock);
        }

        if (!settings.Sessions) return;
        var sessions = new AuthentikSessionCollector(_settings, engine.Formats, Client(clock));
        _sessions = new PolledSource(TelemetrySettings.AuthentikSessionsSource, new PollPace(interval), sessions.PollAsync, engine, logger, clock);
    }

    /// <summary>The labels in metrics; none where authentik is not polled.</summary>
    public static IReadOnlyList<string> LabelsOf(RiskEngineSettings settings) =>
        settings.Sources.Authentik is not { Url: not null } asked ? []
        : [Label, .. asked.Sessions ? [TelemetrySettings.AuthentikSessionsSource] : Array.Empty<string>(), .. asked.Accounts > TimeSpan.Zero ? [TelemetrySettings.AuthentikAccountsSource] : Array.Empty<string>()];

    /// <summary>The source that the settings ask for, or none.</summary>
    public static IEnumerable<AuthentikSource> Of(RiskEngineSettings settings, RunningEngine engine, ILoggerFactory loggers) =>
        settings.Sources.Authentik.Url is null ? [] : [new AuthentikSource(settings.Sources.Authentik, settings.Outbound, engine, loggers.CreateLogger<AuthentikSource>(), TimeProvider.System)];

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Accounts first, where they can be had, so that what comes next is judged with their groups.
        using (this)
        {
            var wait = _accounts is null ? default : await _accounts.PollAsync(cancellation);
            await Task.WhenAll(_events.RunAsync(cancellation), _sessions?.RunAsync(cancellation) ?? Task.CompletedTask, _accounts?.RunAsync(cancellation, wait) ?? Task.CompletedTask);
        }
    }

    /// <summary>Reads accounts once and says how long to wait.</summary>
    internal Task<TimeSpan> PollAccountsAsync(CancellationToken cancellation) => _accounts!.PollAsync(cancellation);

    /// <summary>Polls events once and says how long to wait.</summary>
    internal Task<TimeSpan> PollAsync(CancellationToken cancellation) => _events.PollAsync(cancellation);

    /// <summary>Polls sessions once and says how long to wait.</summary>
    internal Task<TimeSpan> PollSessionsAsync(CancellationToken cancellation) => _sessions!.PollAsync(cancellation);

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private AuthentikClient Client(TimeProvider clock)
    {
        var client = new AuthentikClient(_settings, clock);
        _clients.Add(client);
        return client;
    }

    private async Task<PollResult> ReadAccountsAsync(AuthentikAccounts accounts, CancellationToken cancellation)
    {
        var result = await accounts.ReadAsync(cancellation);
        _engine.Use(accounts.Current);
        return result with { Rows = 0 };
    }

    private async Task<PollResult> PollEventsAsync(TakeRows take, CancellationToken cancellation)
    {
        if (_collector is null)
        {
            var cursor = AuthentikCursor.Parse(await _engine.Parts.Records.ReadCursorAsync(Label, cancellation), _settings.Url);
            _collector = new AuthentikCollector(_settings, _engine.Formats, Client(_engine.Formats.Clock), cursor);
        }

        var hints = _engine.Telemetry.Hints?.BeginPoll() ?? [];
        var result = await _collector.PollAsync(take, cancellation);
        if (result is not { Fault: null, Waiting: 0 } || hints.Count == 0) return result;
        var unconfirmed = await _engine.Telemetry.Hints!.ConfirmAsync(hints, _engine.Parts.Records, cancellation);
        if (unconfirmed > 0) LogUnconfirmed(_logger, unconfirmed);
        return result;
    }

    [LoggerMessage(1, LogLevel.Error, "{Count} events that a webhook told of are not in authentik's own record after two polls. Who holds the webhook's key may invent events: give it a new key (keys revoke, keys create), unless the token may not see all events.")]
    private static partial void LogUnconfirmed(ILogger logger, int count);
}
