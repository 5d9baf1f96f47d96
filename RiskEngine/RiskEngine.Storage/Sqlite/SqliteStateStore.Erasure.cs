using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.Erasure;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite;

/// <summary>How the store forgets a subject while commits go on.</summary>
public sealed partial class SqliteStateStore
{
    StateTables IErasureHost.Tables => _state.Tables;

    void IErasureHost.NoteErased() => _outbox.NoteRemoval();

    public async ValueTask<ErasureReport> EraseSubjectAsync(SubjectErasure erasure, AuditEntry audit, CancellationToken cancellationToken) =>
        await Task.Run(() => _eraser.EraseAsync(erasure, audit), CancellationToken.None).WaitAsync(cancellationToken);

    Task<T> IChangeHost.RunAsync<T>(Func<SqliteSession, T> change, Action<T> durable) => RunAsync(change, durable);

    async Task<T> IErasureHost.RunErasingAsync<T>(ErasedSubject subject, ErasedRows rows, Func<SqliteSession, T> change, Action<T> durable)
    {
        if (!_queue.WaitForRoom()) throw NoRoom(StoreOperation.Change);
        var item = new ChangeItem<T>(change, durable);
        var tables = _state.Tables;
        try
        {
            lock (_commits)
            {
                // Counted up before and after, as in FallBack: what was loaded before or in between may hold rows that are leaving.
                Interlocked.Increment(ref _generation);
                tables = _state.Tables;
                tables.BeginErasure(Hash, subject, rows);
                Interlocked.Increment(ref _generation);
                _queue.Add(item);
            }

            return await item.Task;
        }
        finally
        {
            tables.EndErasure();
        }
    }

    private async Task ResumeErasuresAsync()
    {
        try
        {
            await Task.Run(_eraser.ResumeAsync);
        }
        catch (Exception failure) when (failure is StateStoreException or ObjectDisposedException or FormatException)
        {
            Meter.NoteFailure(StoreOperation.Prune, failure);
        }
    }
}
