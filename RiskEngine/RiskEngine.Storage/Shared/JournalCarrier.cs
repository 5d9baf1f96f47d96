using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Carries rows over from the journal into their table, each once for all the changes it went through meanwhile, in the order of the table; then cuts the journal.</summary>
/// <remarks>
/// <para>
/// The leader does it, within <see cref="Longest"/> or as soon as <see cref="Enough"/> has come together; any replica may, and two at once do no harm: a row is written where the one there is
/// older. No lock of the head is held meanwhile.
/// </para>
/// <para>
/// <b>The cut comes later</b>, and copies of all its rows are written before it; commits write none. Until then memory hides every copy that is behind: one of before, and one that
/// somebody read from the table before the row was carried over and wrote to a Redis that had forgotten the newer one. What was on its way to Redis then has arrived, or never will.
/// </para>
/// </remarks>
internal sealed class JournalCarrier(SharedStateStore store) : IDisposable
{
    /// <summary>Bytes of rows beyond which no unit of work is committed: nobody carries them over.</summary>
    public const long Most = 512 << 20;

    /// <summary>Rows in a transaction.</summary>
    private const int Slice = 5_000;

    /// <summary>Bytes that rows take up in memory, and bytes that were appended, after which they are carried over at once. The more often a row changed meanwhile, the less is written to its table.</summary>
    private const long Enough = 192L << 20, EnoughAppended = 256L << 20;

    /// <summary>How long a row waits at most while nothing is wrong.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly Queue<(long Number, long At)> _carried = new();
    private long _enough = Enough, _enoughAppended = EnoughAppended;

    /// <summary>Gets or sets how long after it was carried over a change stays in the journal: longer than anything is on its way to Redis.</summary>
    public TimeSpan Settling { get; set; } = TimeSpan.FromSeconds(5) + (2 * store.Settings.Redis.Timeout);

    /// <summary>Gets or sets how many changes behind the newest the journal keeps in any case, so that a unit of work which was loaded before them can be told what changed since.</summary>
    public int Kept { get; set; } = 64;

    /// <summary>Carries over, as long as this replica leads.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _woken.WaitAsync(Longest, cancellationToken);
                if (store.IsLeader) await CarryAsync();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                store.Meter.NoteFailure(StoreOperation.Prune, failure);
            }
        }
    }

    /// <summary>Begins at once where enough has come together.</summary>
    public void Note()
    {
        if ((store.Journal.Bytes < Interlocked.Read(ref _enough) && store.Journal.Appended < Interlocked.Read(ref _enoughAppended)) || _woken.CurrentCount > 0) return;
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    /// <summary>Carries over all that is committed now, and cuts off what was carried over long enough ago.</summary>
    public async Task CarryAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var head = await store.Database.ReadAsync(store.TakeAsync, CancellationToken.None);
            var (rows, through) = store.Journal.Between(head.Carried, long.MaxValue);
            var appended = store.Journal.Appended;
            foreach (var slice in rows.Chunk(Slice)) await store.Database.ChangeAsync(session => CarryAsync(session, slice), CancellationToken.None);
            if (through > head.Carried) _carried.Enqueue((through, TimeProvider.System.GetTimestamp()));
            var settled = head.Forgotten;
            while (_carried.TryPeek(out var oldest) && TimeProvider.System.GetElapsedTime(oldest.At) >= Settling) settled = Math.Max(settled, _carried.Dequeue().Number);
            await CutAsync(head, through, Math.Min(settled, through - Kept));
            // What stays until it has settled is not what the next one waits for.
            Interlocked.Exchange(ref _enough, store.Journal.Bytes + Enough);
            Interlocked.Exchange(ref _enoughAppended, appended + EnoughAppended);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Carries over, within a change, what is left, and empties the journal: from then on the table alone counts. The change has to begin an epoch, since nothing settles here.</summary>
    /// <param name="head">Locked by the change.</param>
    public async Task CarryAllAsync(PgSession session, PgHead head)
    {
        await store.TakeAsync(session);
        var (rows, _) = store.Journal.Between(head.Carried, long.MaxValue);
        foreach (var slice in rows.Chunk(Slice)) await PgRows.CarryAsync(session, slice);
        await PgJournal.CutAsync(session, head.Number, head.Number);
    }

    public void Dispose()
    {
        _turn.Dispose();
        _woken.Dispose();
    }

    /// <summary>Who turns the secret of the hashes locks the table: either he finds these rows there, or they are refused.</summary>
    private async Task<bool> CarryAsync(PgSession session, JournalRow[] rows)
    {
        await session.ExecuteAsync("LOCK TABLE state_rows IN ROW EXCLUSIVE MODE");
        store.RefuseTurned((await session.QueryAsync(PgHead.Select, PgHead.Read))[0]);
        return await PgRows.CarryAsync(session, rows);
    }

    private async Task CutAsync(PgHead head, long carried, long forgotten)
    {
        if (carried <= head.Carried && forgotten <= head.Forgotten) return;
        var (leaving, _) = store.Journal.Between(head.Forgotten, forgotten);
        foreach (var slice in leaving.Chunk(Slice)) await store.CopyAsync(store.Head, [.. slice.Select(row => (row.Key, row.Value))]);
        var cut = await store.Database.ChangeAsync(session => PgJournal.CutAsync(session, carried, forgotten), CancellationToken.None);
        store.Journal.Cut(cut.Forgotten);
        store.Take(cut);
    }
}
