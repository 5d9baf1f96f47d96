using RiskEngine.Storage.Redis;

namespace RiskEngine.Storage.Shared;

/// <summary>Copies of rows in Redis, and whether they count.</summary>
/// <remarks>
/// A replica that could not write a copy of what leaves the journal says that no copies count any more: the epoch that stands in their names moves on, with that commit
/// and every one after it, until Redis takes copies again. Meanwhile every row is read from PostgreSQL. Without Redis it is always so. Thread-safe.
/// </remarks>
internal sealed class RowCopies(RedisRows? redis)
{
    private volatile bool _isStale = redis is null;

    /// <summary>Gets whether copies may be behind what is committed.</summary>
    public bool IsStale => _isStale;

    public async Task<bool> TryReadAsync(long epoch, IReadOnlyList<RowKey> keys, RowValue[] values) =>
        !_isStale && redis is not null && await redis.TryReadAsync(epoch, keys, values);

    /// <summary>Writes copies of what is committed.</summary>
    /// <returns>False where copies do not count from now on, which has to be said in PostgreSQL.</returns>
    public async Task<bool> WriteAsync(long epoch, IReadOnlyList<(RowKey Key, RowValue Value)> rows)
    {
        if (redis is null || _isStale || rows.Count == 0) return true;
        if (await redis.TryWriteAsync(epoch, rows)) return true;
        _isStale = true;
        return false;
    }

    /// <summary>Writes copies of rows that were read from PostgreSQL; newer ones stay as they are.</summary>
    public Task RefillAsync(long epoch, IReadOnlyList<(RowKey Key, RowValue Value)> rows) => _isStale || redis is null ? Task.CompletedTask : redis.TryWriteAsync(epoch, rows);

    /// <summary>Whether Redis takes copies again; then they count from the epoch on that <paramref name="begin"/> makes.</summary>
    public async Task RecoverAsync(Func<Task> begin)
    {
        if (redis is null || !_isStale || !await redis.TryReadAsync(0, [RowKey.Carried], new RowValue[1])) return;
        await begin();
        _isStale = false;
    }

    public Task TellAsync(string what) => redis is null ? Task.CompletedTask : redis.TryTellAsync(what);
}
