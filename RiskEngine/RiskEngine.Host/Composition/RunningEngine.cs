using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Facts;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Incidents;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Composition;

/// <summary>Everything that runs behind the server: store, facts, engine, judge loop, telemetry; built in that order and ended in the reverse.</summary>
/// <remarks>
/// A change of the configuration file, of the policy or of a file of facts builds a new engine and swaps it in; a faulty one is told and the old one
/// serves on. What the server listens on, the store and the responders are fixed until a restart.
/// </remarks>
internal sealed partial class RunningEngine : IAsyncDisposable
{
    private readonly OpenStore _store;
    private readonly FactWatcher _facts;
    private readonly EngineReference _engine;
    private readonly OperatorAddresses _operators;
    private readonly JudgeLoop _loop;
    private readonly EngineTelemetry _telemetry;
    private readonly RunningKafka? _kafka;
    private readonly RunningResponders _responders;
    private readonly ConfigurationWatcher _watcher;
    private readonly IAsyncDisposable? _history;
    private readonly ChallengeFollower? _challenges;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private RiskEngineSettings _settings;
    private WeightsFile _weights;
    private string? _config;
    private SubjectDirectory _directory = SubjectDirectory.Empty;
    private volatile IReadOnlyList<(string Path, bool WasThere)> _policyFiles = [];

    private RunningEngine(
        string? config, RiskEngineSettings settings, OpenStore store, IReadOnlyList<IPipelineObserver> observers, ILoggerFactory loggers, ServeRoles roles)
    {
        (_config, _settings, _store) = (SettingsLoader.FileOf(config), settings, store);
        _logger = loggers.CreateLogger<RunningEngine>();
        foreach (var footgun in settings.Footguns()) LogFootgun(_logger, footgun);
        _facts = EngineParts.LoadFacts(settings, message => LogFacts(_logger, message), FactsChanged);
        foreach (var kind in EngineParts.FilesOf(settings).NotConfigured) LogMissing(_logger, kind);
        _operators = new OperatorAddresses(store.Records, TimeProvider.System, loggers.CreateLogger<OperatorAddresses>());
        _operators.LoadAsync(CancellationToken.None).GetAwaiter().GetResult();
        TellLostModels();
        var (weights, misfits) = WeightsReader.Load(settings.Model.Weights);
        _weights = weights ?? throw new Cli.CommandFailure(Cli.ExitCode.Usage, string.Join('\n', misfits));
        _telemetry = new EngineTelemetry(
            new TelemetrySettings
            {
                Store = store.Kind,
                Pseudonymise = settings.Log.Pseudonymise,
                HashAddresses = settings.Privacy.Addresses == AddressPrivacy.Hashed,
                Sources = [TelemetrySettings.HttpSource, TelemetrySettings.AuthentikWebhookSource, TelemetrySettings.ForwardAuthSource, .. settings.Sources.File.Select(FileSource.LabelOf), .. settings.Sources.Syslog.Select(SyslogSource.LabelOf), .. AuthentikSource.LabelsOf(settings), .. settings.Kafka.IsOn ? (string[])[KafkaParts.Label] : []],
                Kafka = settings.Kafka.IsOn ? KafkaParts.TopicsOf(settings.Kafka) : null,
                SyslogSources = [.. settings.Sources.Syslog.Select(SyslogSource.LabelOf)],
                PolledFeeds = [.. settings.Feeds.Where(feed => feed.Crowdsec.Url is not null).Select(feed => feed.Name)],
                PolledSources = AuthentikSource.LabelsOf(settings),
                Incidents = settings.Incidents,
                Otlp = settings.Otlp,
                Outbound = settings.Outbound,
                Responders = RunningResponders.NamesOf(settings),
            },
            store.State.Hash, loggers, TimeProvider.System);
        _kafka = RunningKafka.Of(settings, _telemetry);
        _responders = new RunningResponders(settings, store.Records, store.Leads, _telemetry, store.State.Hash, loggers, _kafka, TimeProvider.System);
        var (engine, faults) = EngineParts.TryBuild(settings, _facts.Snapshot, store.State.Hash, _operators.Networks, out var policyFiles, _weights, _responders.Subscriptions);
        _engine = new EngineReference(engine ?? throw new Cli.CommandFailure(Cli.ExitCode.Usage, string.Join('\n', faults)));
        _policyFiles = PolicyFiles(policyFiles);
        StoreMetrics.Register(_telemetry.Instruments, store.Meter, _logger);
        DutyMetrics.Register(_telemetry.Instruments, store.Leads, store.Polls);
        _history = store.Path is { } path ? IncidentHistory.Begin(path, store.Begun, _telemetry.Incidents, loggers.CreateLogger<IncidentHistory>())
            : store.Feed is { } feed ? IncidentFollower.Begin(feed, _telemetry.Incidents, loggers.CreateLogger<IncidentFollower>(), TimeProvider.System)
            : null;
        _challenges = store.ChallengeFeed is { } told
            ? ChallengeFollower.Begin(told, store.Leads, _telemetry.ChallengeLedger, _telemetry.Challenges, _telemetry.ChallengeOutcomes, TimeProvider.System, loggers.CreateLogger<ChallengeFollower>()) : null;
        _loop = new JudgeLoop(store.State, _engine, settings.Pipeline, [.. _telemetry.Observers, .. _kafka?.Assessments is { } assessments ? (IPipelineObserver[])[assessments] : [], .. observers]);
        _watcher = new ConfigurationWatcher(Files, Reload, file => LogGone(_logger, file), failure => LogNotRead(_logger, failure));
        var collects = roles == ServeRoles.Collector;
        var shared = KafkaParts.SharedHash(settings.Kafka);
        // A collector hands on what it hashed by the secret that is shared; whoever judges hashes that once more by its own.
        Formats = collects ? new FormatContext { Hash = shared!, Clock = TimeProvider.System } : new FormatContext { Hash = store.State.Hash, Shared = shared, Clock = TimeProvider.System };
        Parts = new ServerParts
        {
            Judge = _loop,
            Sink = collects ? _kafka!.SinkTo(_loop, _telemetry.Sources) : null,
            Pipeline = settings.Pipeline,
            State = store.State,
            Records = store.Records,
            Meter = store.Meter,
            Engine = _engine,
            Formats = Formats,
            Telemetry = _telemetry,
            Operators = _operators,
            WebhookUnknownNames = settings.Sources.Authentik.WebhookUnknownNames,
            Subscriptions = _responders.Subscriptions,
        };
        _operators.Changed = OperatorsChanged;
    }

    public ServerParts Parts { get; }

    public FormatContext Formats { get; }

    public EngineTelemetry Telemetry => _telemetry;

    /// <summary>Gets whether this replica is the one that delivers and tells.</summary>
    public bool Leads => _store.Leads();

    /// <summary>Gets whether this replica is the one that polls.</summary>
    public bool Polls => _store.Polls();

    internal FactWatcher Facts => _facts;

    /// <summary>Gets what is written to Kafka; null where there is none.</summary>
    internal RunningKafka? Kafka => _kafka;

    /// <summary>Gets who delivers what is owed.</summary>
    internal RunningResponders Responders => _responders;

    /// <summary>Builds everything on an open store, which belongs to it from then on.</summary>
    /// <exception cref="Cli.CommandFailure">The policy is faulty.</exception>
    public static RunningEngine Start(
        string? config, RiskEngineSettings settings, OpenStore store, IReadOnlyList<IPipelineObserver> observers, ILoggerFactory loggers, ServeRoles roles = ServeRoles.All) =>
        new(config, settings, store, observers, loggers, roles);

    /// <summary>Gets the file that counts. One that has been read stays the one: were it looked for anew while it is away, the defaults would take its place.</summary>
    private string? ConfigurationFile => _config ??= SettingsLoader.FileOf(null);

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        if (_history is not null) await _history.DisposeAsync();
        await _loop.DisposeAsync();
        if (_challenges is not null) await _challenges.DisposeAsync();
        using (var last = new ChallengeKeeper(_telemetry.ChallengeLedger, _store.Records.Challenges, _telemetry.ChallengeOutcomes, TimeProvider.System, _logger)) await last.TryFlushAsync(CancellationToken.None);
        _facts.Dispose();
        _responders.Dispose();
        _kafka?.Dispose();
        _telemetry.Dispose();
        await _store.DisposeAsync();
    }

    /// <summary>The files that are watched. One named <c>riskengine.yaml</c> that is made later counts from then on, and then for good.</summary>
    private string?[] Files() => [ConfigurationFile, _settings.Policy.File, _settings.Model.Weights, .. _policyFiles.Where(file => file.WasThere || File.Exists(file.Path)).Select(file => file.Path)];

    /// <summary>Files of a policy. One that was not there when it was named is looked at once it is; until then it is not one that went away.</summary>
    private static List<(string Path, bool WasThere)> PolicyFiles(IReadOnlyList<string> files) => [.. files.Select(file => (file, File.Exists(file)))];

    private void FactsChanged(FactLoad load)
    {
        foreach (var file in load.Files.Where(file => file.IsToBeTold)) LogFacts(_logger, file.ToString());
        lock (_gate)
        {
            UseFacts(load.Snapshot);
        }
    }

    /// <summary>Judges with what is said of accounts from now on, if it is anything new.</summary>
    internal void Use(SubjectDirectory directory)
    {
        lock (_gate)
        {
            if (directory.Version == _directory.Version) return;
            _directory = directory;
            UseFacts(_facts.Snapshot);
        }
    }

    private void UseFacts(FactSnapshot facts)
    {
        var (engine, faults) = EngineParts.WithFacts(_engine.Current, _settings, facts.With(_directory), _store.State.Hash, _operators.Networks);
        foreach (var fault in faults) LogFault(_logger, fault.ToString());
        if (engine is null) return;
        _engine.Swap(engine);
        LogSwapped(_logger, engine.Snapshot.Policy.Version, engine.Snapshot.ModelVersion, engine.Snapshot.Facts.Version);
    }

    /// <summary>The same engine, with the operators of now. Nothing is read anew.</summary>
    private void OperatorsChanged()
    {
        lock (_gate)
        {
            _engine.Swap(new Engine(_engine.Current.Snapshot, _store.State.Hash, [.. _settings.Http.OperatorAddresses, .. _operators.Networks]));
        }
    }

    /// <summary>Reads the configuration again; a faulty one is told and the old one serves on.</summary>
    internal void Reload()
    {
        RiskEngineSettings? settings;
        AuditEntry? swap;
        lock (_gate)
        {
            (settings, var faults) = SettingsLoader.TryLoad(ConfigurationFile);
            var (weights, misfits) = settings is null ? (null, []) : WeightsReader.Load(settings.Model.Weights);
            if (settings is null || weights is null)
            {
                foreach (var fault in faults.Concat(misfits)) LogFault(_logger, fault.ToString());
                return;
            }

            var before = _engine.Current.Snapshot;
            if (!Swap(settings, _facts.Snapshot.With(_directory), weights)) return;
            (_settings, _weights) = (settings, weights);
            swap = SwapAudit.Of(before, _engine.Current.Snapshot, TimeProvider.System);
        }

        if (swap is not null) Write(swap);

        // Not under our lock: the watcher of facts holds its own when it calls FactsChanged, and each would wait for the other for ever.
        _facts.Use(EngineParts.FilesOf(settings));
    }

    /// <summary>Says what the store keeps of the models and nobody can read. They begin anew, as in a new store, and everything else serves on.</summary>
    private void TellLostModels()
    {
        var view = new StateView { IsQuestion = true };
        try
        {
            _store.State.LoadAsync(view, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (StateStoreException)
        {
            // A store that does not answer is told of by whoever needs it first.
            return;
        }

        foreach (var model in CarriedCheck.Lost(view.Carried))
        {
            LogLost(_logger, model);
            Write(new AuditEntry(0, EventTime.From(TimeProvider.System.GetUtcNow()), "system", "model.lost", $"model:{model}", "what it had learnt cannot be read; it begins anew"));
        }
    }

    /// <summary>Waits for the store, on the watcher's thread, which has nothing else to do. Judging does not wait for it.</summary>
    private void Write(AuditEntry swap)
    {
        try
        {
            _store.Records.AddAuditAsync(swap, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (StateStoreException failure)
        {
            LogNotAudited(_logger, swap.Detail, failure.Message);
        }
    }

    /// <param name="weights">Those in force: new facts alone must not bring new weights, which the audit would not have.</param>
    private bool Swap(RiskEngineSettings settings, FactSnapshot facts, WeightsFile weights)
    {
        var (engine, faults) = EngineParts.TryBuild(settings, facts, _store.State.Hash, _operators.Networks, out var policyFiles, weights, _responders.Subscriptions);
        _policyFiles = PolicyFiles(policyFiles);
        if (engine is null)
        {
            foreach (var fault in faults) LogFault(_logger, fault.ToString());
            return false;
        }

        _engine.Swap(engine);
        LogSwapped(_logger, engine.Snapshot.Policy.Version, engine.Snapshot.ModelVersion, facts.Version);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Footgun}")]
    private static partial void LogFootgun(ILogger logger, string footgun);

    [LoggerMessage(2, LogLevel.Warning, "{File}")]
    private static partial void LogFacts(ILogger logger, string file);

    [LoggerMessage(3, LogLevel.Information, "No facts of kind {Kind} are configured: logins are judged without. Name files under geo.city, geo.asn or feeds.")]
    private static partial void LogMissing(ILogger logger, string kind);

    [LoggerMessage(4, LogLevel.Error, "The new configuration is not used, the old one serves on: {Fault}")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(5, LogLevel.Information, "A new engine judges from now on: policy {Policy}, model {Model}, facts {Facts}.")]
    private static partial void LogSwapped(ILogger logger, string policy, string model, string facts);

    [LoggerMessage(8, LogLevel.Error, "The changed configuration could not be read, which is a fault of the program; the old one serves on and the next change is looked at.")]
    private static partial void LogNotRead(ILogger logger, Exception failure);

    [LoggerMessage(7, LogLevel.Warning, "The audit does not have that {Change}: {Reason}")]
    private static partial void LogNotAudited(ILogger logger, string change, string reason);

    [LoggerMessage(9, LogLevel.Error, "What the model {Model} had learnt cannot be read: what is stored of it is cut, damaged or of another version of this program. It begins anew; to keep what it knew, stop, and go back to a backup or to that version.")]
    private static partial void LogLost(ILogger logger, string model);

    [LoggerMessage(6, LogLevel.Warning, "{File} is gone; what it said stays in force, and nothing is read anew until it is back.")]
    private static partial void LogGone(ILogger logger, string file);
}
