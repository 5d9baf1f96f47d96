using System.Security.Cryptography;
using RiskEngine.Configuration;
using RiskEngine.Core.State;
using RiskEngine.Host.Cli;
using RiskEngine.Storage;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Shared.Rotation;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Composition;

/// <summary>A store that is open: the same object as both of its faces.</summary>
internal sealed record OpenStore(IStateStore State, IRecordStore Records, StoreMeter Meter, string Kind) : IAsyncDisposable
{
    /// <summary>Gets the file that it keeps everything in; null where it forgets.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the task that is complete once what can wait for the first requests may begin.</summary>
    public Task Begun { get; init; } = Task.CompletedTask;

    /// <summary>Gets what the replicas of a shared store stored; null where the store belongs to one process.</summary>
    public SharedFeed? Feed { get; init; }

    /// <summary>Gets what replicas tell each other of challenges; null where the store belongs to one process.</summary>
    public SharedChallengeFeed? ChallengeFeed { get; init; }

    /// <summary>Gets whether this process delivers: always where the store is its own, and one at a time where replicas share it.</summary>
    public Func<bool> Leads { get; init; } = static () => true;

    /// <summary>Gets whether this process polls; the same, and another one where collectors are processes of their own.</summary>
    public Func<bool> Polls { get; init; } = static () => true;

    public ValueTask DisposeAsync() => State.DisposeAsync();
}

/// <summary>Opens the store that settings ask for.</summary>
internal static class Stores
{
    /// <summary>The store that is configured.</summary>
    /// <param name="roles">What the process does; nothing for a command that only looks or changes something.</param>
    /// <exception cref="CommandFailure">PostgreSQL cannot be used; exit code 3, with cause and remedy.</exception>
    /// <exception cref="StateStoreException">The file cannot be used; it is as it was.</exception>
    public static async Task<OpenStore> OpenAsync(RiskEngineSettings settings, ServeRoles roles, CancellationToken cancellationToken)
    {
        if (settings.Store.Kind == StoreKind.Embedded) return OpenFile(settings.Store.Path, settings);
        try
        {
            var store = await SharedStateStore.OpenAsync(SharedSettings(settings, roles), TimeProvider.System, cancellationToken);
            return new OpenStore(store, store, store.Meter, "shared") { Leads = () => store.IsLeader, Polls = () => store.IsPoller, Feed = store.Feed, ChallengeFeed = store.ChallengeFeed };
        }
        catch (StateStoreException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, failure.Message);
        }
    }

    /// <exception cref="CommandFailure">A file with a password cannot be read.</exception>
    public static SharedStoreSettings SharedSettings(RiskEngineSettings settings, ServeRoles roles = ServeRoles.None) => new()
    {
        ConnectionString = settings.Postgres.ConnectionString!,
        Password = Password("postgres.password_file", settings.Postgres.PasswordFile),
        Timeout = settings.Postgres.Timeout,
        Redis = new Storage.Redis.RedisSettings
        {
            Endpoints = settings.Redis.Endpoints,
            Password = settings.Redis.Password ?? Password("redis.password_file", settings.Redis.PasswordFile),
            Tls = settings.Redis.Tls,
            TlsCaFile = Authority("redis.tls_ca_file", settings.Redis.TlsCaFile),
            Timeout = settings.Redis.Timeout,
            TimeToLive = settings.Redis.TimeToLive,
        },
        Events = settings.Store.MaxEvents,
        OutboxCapacity = settings.Store.MaxOutbox,
        ProfileAge = settings.Retention.Profiles,
        ReputationAge = settings.Retention.Reputation,
        FeedbackAge = settings.Retention.Feedback,
        AuditAge = settings.Retention.Audit,
        EventAge = EventAge(settings),
        Lease = settings.Store.Lease,
        MayLead = roles.HasFlag(ServeRoles.Engine),
        MayPoll = roles.HasFlag(ServeRoles.Collector),
    };

    /// <summary>What a command looks back on, which changes nothing: a file that was named, or the configured store.</summary>
    /// <param name="given">A file; null for the configured store.</param>
    /// <exception cref="CommandFailure">PostgreSQL cannot be used; exit code 3, with cause and remedy.</exception>
    /// <exception cref="StateStoreException">The file cannot be read.</exception>
    public static IStoredLogins OpenLogins(RiskEngineSettings settings, string? given) => given is not null || settings.Store.Kind == StoreKind.Embedded
        ? StoredLogins.Open(given ?? settings.Store.Path)
        : Ask(() => SharedLogins.Open(SharedSettings(settings)));

    /// <summary>The audit of a file that was named, or of the configured store.</summary>
    /// <param name="config">The configuration, read where it is needed only.</param>
    /// <exception cref="CommandFailure">PostgreSQL cannot be used; exit code 3, with cause and remedy.</exception>
    /// <exception cref="StateStoreException">The file cannot be read.</exception>
    public static IStoredAudit OpenAudit(string? config, string? given)
    {
        if (given is not null) return StoredAudit.Open(given);
        var settings = SettingsLoader.Load(config);
        return settings.Store.Kind == StoreKind.Embedded ? StoredAudit.Open(settings.Store.Path) : Ask(() => SharedAudit.Open(SharedSettings(settings)));
    }

    /// <summary>What turns the secret of the hashes of the shared store that is configured.</summary>
    /// <exception cref="CommandFailure">PostgreSQL cannot be used; exit code 3, with cause and remedy.</exception>
    public static async Task<SharedHashRotation> OpenRotationAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        try
        {
            return await SharedHashRotation.OpenAsync(SharedSettings(settings), cancellation);
        }
        catch (StateStoreException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, failure.Message);
        }
    }

    private static T Ask<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (StateStoreException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, failure.Message);
        }
    }

    /// <summary>A day more than the horizon within which repeats are told, at least.</summary>
    private static TimeSpan EventAge(RiskEngineSettings settings) => TimeSpan.FromDays(Math.Max(8, settings.Store.RetentionDays));

    private static string? Password(string key, string? file) => file is null ? null
        : TokenFile.Read(file) ?? throw new CommandFailure(ExitCode.Usage, $"{key}: {file} cannot be read, or is no password: one line without blanks.");

    private static string? Authority(string key, string? file)
    {
        try
        {
            if (file is not null) RedisAuthority.Read(file);
            return file;
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Usage, $"{key}: {file} cannot be read, or holds no certificate in PEM.");
        }
    }

    /// <exception cref="StateStoreException">The file cannot be used; it is as it was.</exception>
    public static OpenStore OpenFile(string path, RiskEngineSettings settings)
    {
        var store = SqliteStateStore.Open(
            new SqliteStoreSettings
            {
                Path = path,
                Caps = new TableCaps { Profiles = settings.Store.Caps.Profiles, Reputation = settings.Store.Caps.Reputation, Pairs = settings.Store.Caps.Pairs },
                Events = settings.Store.MaxEvents,
                OutboxCapacity = settings.Store.MaxOutbox,
                QueueTimeout = settings.Store.WriteTimeout,
                ProfileAge = settings.Retention.Profiles,
                ReputationAge = settings.Retention.Reputation,
                FeedbackAge = settings.Retention.Feedback,
                AuditAge = settings.Retention.Audit,
                EventAge = EventAge(settings),
            },
            TimeProvider.System);
        return new OpenStore(store, store, store.Meter, "sqlite") { Path = path, Begun = store.Begun };
    }

    /// <summary>A store that forgets: its key is a constant, so that a replay repeats itself to the byte.</summary>
    public static OpenStore Memory(bool keepsAssessments)
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = keepsAssessments ? 100_000 : 0 }, TimeProvider.System);
        return new OpenStore(store, store, store.Meter, "memory");
    }
}
