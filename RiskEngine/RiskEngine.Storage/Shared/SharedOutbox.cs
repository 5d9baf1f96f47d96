using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>The outbox of all replicas. Only the one that leads is given items; the others are asked again a little later.</summary>
/// <param name="lease">Who leads; null where whoever asks may have them.</param>
internal sealed class SharedOutbox(SharedStateStore store, PgOutbox table, PgLease? lease) : IOutbox
{
    private long _removals;

    public OutboxSignals Signals { get; } = new();

    public long Removals => Interlocked.Read(ref _removals);

    public async ValueTask<OutboxBatch> TakeAsync(OutboxRequest request, CancellationToken cancellationToken) => lease is { IsHeld: false }
        ? new OutboxBatch([], request.Now + (store.Settings.Lease / 3))
        : await store.Database.ReadAsync(session => PgOutbox.TakeAsync(session, request), cancellationToken);

    public async ValueTask AddAsync(IReadOnlyList<OutboxItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0) return;
        await store.ChangeAsync(
            (_, change) =>
            {
                change.Owe(items);
                return Task.FromResult((true, true));
            },
            null,
            cancellationToken);
    }

    public async ValueTask CompleteAsync(long id, CancellationToken cancellationToken) => await WriteAsync(session => PgOutbox.CompleteAsync(session, id));

    public async ValueTask PostponeAsync(long id, EventTime due, string failure, CancellationToken cancellationToken) =>
        await WriteAsync(session => PgOutbox.PostponeAsync(session, id, due, failure));

    public async ValueTask KillAsync(long id, string reason, string failure, CancellationToken cancellationToken)
    {
        if (await store.Database.ChangeAsync(session => table.KillAsync(session, id, failure), CancellationToken.None) is { } responder) Signals.Dead?.Invoke(responder, reason);
    }

    public async ValueTask<IReadOnlyList<OutboxDepth>> DepthsAsync(CancellationToken cancellationToken) => await store.Database.ReadAsync(PgOutbox.DepthsAsync, cancellationToken);

    public async ValueTask<IReadOnlyList<OutboxItem>> ListAsync(OutboxQuery query, CancellationToken cancellationToken) =>
        await store.Database.ReadAsync(session => PgOutbox.ListAsync(session, query), cancellationToken);

    public async ValueTask<bool> ReviveAsync(long id, AuditEntry audit, CancellationToken cancellationToken)
    {
        var responder = await store.ChangeAsync(
            async (session, _) =>
            {
                var whose = await PgOutbox.ReviveAsync(session, id, store.Now);
                return (whose, whose is not null);
            },
            _ => audit,
            cancellationToken);
        NoteRemoval();
        if (responder is not null) TellOwed([responder], []);
        return responder is not null;
    }

    public async ValueTask<bool> DropAsync(long id, AuditEntry audit, CancellationToken cancellationToken)
    {
        var isDropped = await store.ChangeAsync(async (session, _) => Both(await PgOutbox.DropAsync(session, id)), _ => audit, cancellationToken);
        NoteRemoval();
        return isDropped;
    }

    /// <summary>Writes items within the transaction under way.</summary>
    public Task AddAsync(PgSession session, IReadOnlyList<OutboxItem> items, HashSet<string> owed, List<(string Responder, string Reason)> dead) => table.AddAsync(session, items, store.Now, owed, dead);

    /// <summary>Says, once it is durable, to whom something is owed, and what became a dead letter at once.</summary>
    public void TellOwed(IEnumerable<string> owed, IEnumerable<(string Responder, string Reason)> dead)
    {
        foreach (var (responder, reason) in dead) Signals.Dead?.Invoke(responder, reason);
        foreach (var responder in owed)
        {
            Signals.Owed?.Invoke(responder);
            _ = store.TellAsync($"{SharedWatch.Owed} {responder}");
        }
    }

    /// <summary>Says that items are gone that somebody may hold, here and at other replicas.</summary>
    public void NoteRemoval()
    {
        HearRemoval();
        _ = store.TellAsync(SharedWatch.Removed);
    }

    public void HearRemoval() => Interlocked.Increment(ref _removals);

    private static (bool Result, bool IsChanged) Both(bool isDone) => (isDone, isDone);

    private Task<bool> WriteAsync(Func<PgSession, Task> write) => store.Database.ChangeAsync(
        async session =>
        {
            await write(session);
            return true;
        },
        CancellationToken.None);
}
