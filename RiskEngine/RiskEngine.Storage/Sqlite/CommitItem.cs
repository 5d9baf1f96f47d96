using System.Threading.Tasks.Sources;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Something that waits for the disk.</summary>
internal abstract class WorkItem
{
    /// <summary>Gets or sets the number of the commit, rising; 0 for what changes no rows of state.</summary>
    public long Commit { get; set; }

    /// <summary>Writes within the transaction under way, on the writer's thread.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>The transaction is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>A commit on its way to the disk: its changes as bytes, and the task of whoever waits for it. Used again once awaited.</summary>
internal sealed class CommitItem(Action<CommitItem> giveBack, OutboxNews news) : WorkItem, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    public ByteBuffer Changes { get; } = new();

    /// <summary>Gets the changed rows of state.</summary>
    public ByteBuffer Rows { get; } = new();

    /// <summary>Gets blocks that rules made, rare enough to travel as they are.</summary>
    public List<(Block Block, BlockKey Key)> Blocks { get; } = [];

    /// <summary>Gets what the audit is to say besides, as rare.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>Gets what is owed to responders, as rare.</summary>
    public List<OutboxItem> Owed { get; } = [];

    /// <summary>Gets challenges that changed, as rare.</summary>
    public List<Challenge> Challenges { get; } = [];

    /// <summary>Gets successful logins by day.</summary>
    public List<KeyValuePair<int, long>> LoginDays { get; } = [];

    public ValueTask Task => new(this, _source.Version);

    public override void Apply(SqliteSession session)
    {
        session.Changes.Apply(Changes.Written);
        session.Journal.Append(Rows.Written, Commit);
        foreach (var (block, key) in Blocks)
        {
            session.Records.PutBlock(BlockList.Block, block, key);
            session.Records.AddAudit(BlockAudit.Added(session.Hash, block));
        }

        foreach (var entry in Audit) session.Records.AddAudit(entry);
        foreach (var challenge in Challenges) session.Challenges.Put(challenge);
        foreach (var (day, count) in LoginDays) session.Challenges.AddLogins(day, count);
        news.Add(session, Owed);
    }

    /// <summary>Gives an item back that was never handed on.</summary>
    public void Abandon()
    {
        Changes.Clear();
        Rows.Clear();
        Blocks.Clear();
        Audit.Clear();
        Owed.Clear();
        Challenges.Clear();
        LoginDays.Clear();
        news.Clear();
        giveBack(this);
    }

    public override void Complete()
    {
        news.Tell();
        _source.SetResult(true);
    }

    public override void Fail(Exception exception) => _source.SetException(exception);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    public void GetResult(short token)
    {
        try
        {
            _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            Abandon();
        }
    }
}

/// <summary>A change of records: a function that runs in the transaction, and what it returned for whoever waits.</summary>
/// <param name="change">Runs on the writer's thread.</param>
/// <param name="durable">Runs on the writer's thread once the change is durable, before the task completes; null for nothing.</param>
internal sealed class ChangeItem<TResult>(Func<SqliteSession, TResult> change, Action<TResult>? durable) : WorkItem
{
    private readonly TaskCompletionSource<TResult> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult _result = default!;

    public Task<TResult> Task => _source.Task;

    public override void Apply(SqliteSession session) => _result = change(session);

    public override void Complete()
    {
        durable?.Invoke(_result);
        _source.SetResult(_result);
    }

    public override void Fail(Exception exception) => _source.SetException(exception);
}
