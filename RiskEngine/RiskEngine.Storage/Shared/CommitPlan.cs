using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>What a unit of work changes, written down when its commit begins, since its owner goes on using the effects.</summary>
internal sealed class CommitPlan
{
    public CommitPlan(Effects effects, LoadedRows loaded, StoredEventCodec codec)
    {
        Loaded = loaded.Head ?? throw new InvalidOperationException("What is committed was loaded to be asked only.");
        (BuiltOn, loaded.BuiltOn) = (loaded.BuiltOn, []);
        Rows = loaded.Changed(effects.View);
        Shown = Rows.All;
        Events = new NewEvents(effects, codec);
        Watermark = effects.View.Watermark;
        NewBlocks = [.. effects.NewBlocks];
        Audit = [.. effects.Audit];
        Owed = [.. effects.Owed];
        Challenges = [.. effects.Challenges];
        LoginDays = effects.LoginDays.Count > 0 ? new Dictionary<int, long>(effects.LoginDays) : [];
        Cursors = effects.Cursors is { } cursors ? new Dictionary<string, string>(cursors) : null;
    }

    /// <summary>Gets the state of the store that it was judged by.</summary>
    public PgHead Loaded { get; }

    /// <summary>Gets units of work that were on their way when it was loaded: it is nothing without them. Empty once its end is known.</summary>
    public IReadOnlyList<CommitPlan> BuiltOn { get; private set; }

    /// <summary>Gets whether it was not stored.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Gets whether it was judged by something that will never be.</summary>
    public bool IsInVain => BuiltOn.Any(unit => unit.HasFailed);

    /// <summary>Notes its end, and lets go of what it was built on.</summary>
    public void End(bool hasFailed) => (HasFailed, BuiltOn) = (hasFailed, []);

    public ChangedRows Rows { get; }

    /// <summary>Gets the rows as they are shown to who loads before they are stored: without what is merged into them at the commit.</summary>
    public IReadOnlyCollection<(RowKey Key, byte[] Body)> Shown { get; }

    public NewEvents Events { get; }

    public EventTime Watermark { get; }

    public IReadOnlyList<NewBlock> NewBlocks { get; }

    public IReadOnlyList<AuditEntry> Audit { get; }

    public IReadOnlyList<OutboxItem> Owed { get; }

    public IReadOnlyList<Challenge> Challenges { get; }

    /// <summary>Gets successful logins by day.</summary>
    public Dictionary<int, long> LoginDays { get; }

    public IReadOnlyDictionary<string, string>? Cursors { get; }

    /// <summary>The head once this is committed.</summary>
    /// <param name="isStale">Whether copies in Redis do not count from now on.</param>
    public PgHead After(PgHead head, int blocks, bool listsChange, bool isStale)
    {
        var watermark = Watermark > head.Watermark ? Watermark : head.Watermark;
        return head with
        {
            Number = head.Number + 1,
            Watermark = watermark,
            Seq = head.Seq + Events.Count,
            Day = Math.Max(head.Day, watermark.UnixDays),
            Lists = listsChange ? head.Number + 1 : head.Lists,
            LastBlock = head.LastBlock + blocks,
            Epoch = head.Epoch + (isStale ? 1 : 0),
            Profiles = head.Profiles + Rows.Added(StateRowKind.Profile),
            Reputation = head.Reputation + Rows.Added(StateRowKind.Reputation),
        };
    }
}

/// <summary>Somebody else changed the same rows, or stored the same events, since they were loaded.</summary>
internal sealed class CommitConflictException() : Exception("Another replica was faster.");
