using RiskEngine.Configuration;
using RiskEngine.Core.State;
using RiskEngine.Storage;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Composition;

/// <summary>A store that is open: the same object as both of its faces.</summary>
internal sealed record OpenStore(IStateStore State, IRecordStore Records, StoreMeter Meter, string Kind) : IAsyncDisposable
{
    /// <summary>Gets the file that it keeps everything in; null where it forgets.</summary>
    public string? Path { get; init; }

    public ValueTask DisposeAsync() => State.DisposeAsync();
}

/// <summary>Opens the store that settings ask for.</summary>
internal static class Stores
{
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
                EventAge = TimeSpan.FromDays(Math.Max(8, settings.Store.RetentionDays)),
            },
            TimeProvider.System);
        return new OpenStore(store, store, store.Meter, "sqlite") { Path = path };
    }

    /// <summary>A store that forgets: its key is a constant, so that a replay repeats itself to the byte.</summary>
    public static OpenStore Memory(bool keepsAssessments)
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = keepsAssessments ? 100_000 : 0 }, TimeProvider.System);
        return new OpenStore(store, store, store.Meter, "memory");
    }
}
