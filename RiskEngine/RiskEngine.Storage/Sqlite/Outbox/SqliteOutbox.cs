using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite.Outbox;

/// <summary>What the store lends to the parts of it that change records.</summary>
internal interface IChangeHost
{
    /// <summary>Runs a change in the writer's next transaction.</summary>
    Task<T> RunAsync<T>(Func<SqliteSession, T> change, Action<T> durable);
}

/// <summary>The outbox in the file: changes go with the writer's transactions, so that many share one flush.</summary>
internal sealed class SqliteOutbox(SqliteReaders readers, IChangeHost host, TimeProvider time) : IOutbox
{
    private long _removals;

    public OutboxSignals Signals { get; } = new();

    public long Removals => Interlocked.Read(ref _removals);

    private EventTime Now => EventTime.From(time.GetUtcNow());

    public async ValueTask AddAsync(IReadOnlyList<OutboxItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0) return;
        cancellationToken.ThrowIfCancellationRequested();
        var told = new OutboxNews(this);
        await ChangeAsync(session => told.Add(session, items), told.Tell);
    }

    public async ValueTask<OutboxBatch> TakeAsync(OutboxRequest request, CancellationToken cancellationToken) => await QueryAsync(request, OutboxReader.Take, cancellationToken);

    public async ValueTask CompleteAsync(long id, CancellationToken cancellationToken) => await ChangeAsync(session => session.Outbox.Complete(id));

    public async ValueTask PostponeAsync(long id, EventTime due, string failure, CancellationToken cancellationToken) =>
        await ChangeAsync(session => session.Outbox.Postpone(id, due, failure));

    public async ValueTask KillAsync(long id, string reason, string failure, CancellationToken cancellationToken) => await host.RunAsync(
        session => session.Outbox.Kill(id, failure),
        responder =>
        {
            if (responder is not null) Signals.Dead?.Invoke(responder, reason);
        });

    public async ValueTask<IReadOnlyList<OutboxDepth>> DepthsAsync(CancellationToken cancellationToken) => await QueryAsync(0, (reader, _) => OutboxReader.Depths(reader), cancellationToken);

    public async ValueTask<IReadOnlyList<OutboxItem>> ListAsync(OutboxQuery query, CancellationToken cancellationToken) => await QueryAsync(query, OutboxReader.List, cancellationToken);

    public async ValueTask<bool> ReviveAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => await host.RunAsync(
        session =>
        {
            var responder = session.Outbox.Revive(id, Now);
            Audited(session, responder is not null, audit);
            return responder;
        },
        responder =>
        {
            NoteRemoval();
            if (responder is not null) Signals.Owed?.Invoke(responder);
        }) is not null;

    public async ValueTask<bool> DropAsync(long id, AuditEntry audit, CancellationToken cancellationToken) =>
        await host.RunAsync(session => Audited(session, session.Outbox.Drop(id), audit), _ => NoteRemoval());

    /// <summary>Says that items are gone that somebody may hold.</summary>
    public void NoteRemoval() => Interlocked.Increment(ref _removals);

    /// <summary>Writes items within the transaction under way, at the time of now.</summary>
    public void Add(SqliteSession session, IReadOnlyList<OutboxItem> items, HashSet<string> owed, List<(string Responder, string Reason)> dead) => session.Outbox.Add(items, Now, owed, dead);

    private static bool Audited(SqliteSession session, bool isDone, AuditEntry audit)
    {
        if (isDone) session.Records.AddAudit(audit);
        return isDone;
    }

    private async Task ChangeAsync(Action<SqliteSession> change, Action? durable = null) => await host.RunAsync(
        session =>
        {
            change(session);
            return true;
        },
        _ => durable?.Invoke());

    private Task<T> QueryAsync<TArgument, T>(TArgument argument, Func<SqliteReader, TArgument, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => readers.Read(StoreOperation.Query, argument, read), cancellationToken);
}

/// <summary>What a transaction brought into the outbox, told once it is durable. Used for one transaction at a time.</summary>
internal sealed class OutboxNews(SqliteOutbox outbox)
{
    private readonly List<(string Responder, string Reason)> _dead = [];
    private readonly HashSet<string> _owed = [];

    /// <summary>Writes items within the transaction under way.</summary>
    public void Add(SqliteSession session, IReadOnlyList<OutboxItem> items)
    {
        if (items.Count > 0) outbox.Add(session, items, _owed, _dead);
    }

    public void Tell()
    {
        foreach (var (responder, reason) in _dead) outbox.Signals.Dead?.Invoke(responder, reason);
        foreach (var responder in _owed) outbox.Signals.Owed?.Invoke(responder);
        Clear();
    }

    public void Clear()
    {
        _dead.Clear();
        _owed.Clear();
    }
}
