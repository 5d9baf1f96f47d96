namespace RiskEngine.Storage;

/// <summary>What a store does; names of the label <c>operation</c>.</summary>
public enum StoreOperation
{
    Load,
    Commit,
    Flush,
    Query,
    Change,
    Prune,
}

/// <summary>Tables whose rows have an age; names of the label <c>table</c>.</summary>
public enum StoreTable
{
    Events,
    Profiles,
    Skeletons,
    Pairs,
    Reputation,
    Feedback,
    Audit,
    Blocks,
    Outbox,
}

/// <summary>What a store did, how long it took and how often it failed, for whoever keeps metrics.</summary>
/// <remarks>
/// Thread-safe. Listeners are called on the thread that did the work, once per operation, and must neither block nor throw. A commit is counted
/// until its task is returned; a flush is one durable transaction for all commits that were waiting.
/// </remarks>
/// <param name="store">Value of the label <c>store</c>.</param>
/// <param name="time">Says since when it fails.</param>
public sealed class StoreMeter(string store, TimeProvider time)
{
    private static readonly int Operations = Enum.GetValues<StoreOperation>().Length;

    private static readonly int Tables = Enum.GetValues<StoreTable>().Length;

    private readonly long[] _errors = new long[Operations];
    private readonly long[] _expired = new long[Tables];
    private long _failingSince;
    private long _copyErrors;
    private long _conflicts;

    /// <summary>Gets the value of the label <c>store</c>.</summary>
    public string Store { get; } = store;

    /// <summary>Gets or sets who is told how long an operation took.</summary>
    public Action<StoreOperation, TimeSpan>? Observed { get; set; }

    /// <summary>Gets or sets who is told that an operation failed.</summary>
    public Action<StoreOperation, Exception>? Failed { get; set; }

    /// <summary>Gets or sets who is told that copies beside the store could not be read or written.</summary>
    public Action<Exception>? CopyFailed { get; set; }

    /// <summary>Gets how often copies beside the store could not be read or written since the start.</summary>
    public long CopyErrors => Interlocked.Read(ref _copyErrors);

    /// <summary>Gets how many bytes of rows wait in memory to be carried over into their table by the replica that leads; 0 where a store belongs to one process.</summary>
    public long Waiting => WaitingNow();

    /// <summary>Gets or sets what tells it.</summary>
    internal Func<long> WaitingNow { get; set; } = static () => 0;

    /// <summary>Gets how many units of work were judged again because another replica was faster.</summary>
    public long Conflicts => Interlocked.Read(ref _conflicts);

    /// <summary>Gets since when nothing can be made durable; null when the last commit worked.</summary>
    /// <remarks>A store that fails tries by itself to write again, so this turns back to null without a commit from outside.</remarks>
    public DateTimeOffset? FailingSince => Interlocked.Read(ref _failingSince) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Gets what failed last when something was to be made durable; null where nothing ever did.</summary>
    public Exception? LastWriteFailure { get; private set; }

    /// <summary>Gets the operations of that kind that failed since the start.</summary>
    public long Errors(StoreOperation operation) => Interlocked.Read(ref _errors[(int)operation]);

    /// <summary>Gets the rows of a table that were removed for their age or number since the start.</summary>
    public long Expired(StoreTable table) => Interlocked.Read(ref _expired[(int)table]);

    /// <summary>Copies beside the store could not be read or written in time: counted and told, and no trouble of the store's own.</summary>
    internal void NoteCopyFailure(Exception exception)
    {
        Interlocked.Increment(ref _copyErrors);
        CopyFailed?.Invoke(exception);
    }

    /// <summary>Another replica was faster.</summary>
    internal void NoteConflict() => Interlocked.Increment(ref _conflicts);

    internal void NoteExpired(StoreTable table, long rows) => Interlocked.Add(ref _expired[(int)table], rows);

    internal void Note(StoreOperation operation, TimeSpan elapsed)
    {
        if (operation == StoreOperation.Flush) Interlocked.Exchange(ref _failingSince, 0);
        Observed?.Invoke(operation, elapsed);
    }

    internal void NoteFailure(StoreOperation operation, Exception exception)
    {
        Interlocked.Increment(ref _errors[(int)operation]);
        if (operation == StoreOperation.Flush) LastWriteFailure = exception;
        if (operation == StoreOperation.Flush) Interlocked.CompareExchange(ref _failingSince, time.GetUtcNow().UtcTicks, 0);
        Failed?.Invoke(operation, exception);
    }
}
