using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Makes changed rows durable by appending them, and carries them over into their tables later, many at a time.</summary>
/// <remarks>
/// <para>
/// Tables of state are keyed by hashes, so that a commit of a thousand events would change thousands of pages all over the file. Here it appends one row.
/// Once <c>limit</c> bytes have come together they are sorted, and written slice by slice within the transactions that follow, while new ones
/// come together behind them: a page is then changed once for many rows. This is the memtable and the sorted run of a log-structured merge tree (O'Neil,
/// Cheng, Gawlick and O'Neil, "The log-structured merge-tree", Acta Informatica 33, 1996), with SQLite's b-trees for the second component.
/// </para>
/// <para>
/// A row is a whole state and not a difference, so that carrying it over twice, as after a crash in between, does no harm. Until it has been, memory
/// holds it and gives it up for nothing (<see cref="StoredThrough"/>).
/// </para>
/// <para>Belongs to the writer's thread; sorting runs beside it. After a failed transaction it is thrown away with its connection.</para>
/// </remarks>
internal sealed class StateJournal
{
    /// <summary>Rows that are carried over at least in a transaction, and bytes up to which sorting is not worth a thread.</summary>
    private const int SmallestSlice = 256, SmallSort = 64 * 1024;

    /// <summary>Bytes that are carried over when there is nothing else to do, and the rows of a slice then.</summary>
    private const int IdleLength = 1 << 20, IdleSlice = 4096;

    /// <summary>How many times faster than new rows arrive old ones are carried over: they are done when half as many bytes have come together.</summary>
    private const double Pace = 2;

    private readonly long _limit;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _profile;
    private readonly SqliteStatement _reputation;
    private readonly SqliteStatement _pair;
    private readonly SqliteStatement _name;
    private readonly SqliteStatement _skeleton;
    private PendingRows _arriving = new();
    private PendingRows _leaving = new();
    private Task? _sorting;
    private long _number;
    private long _lastLeaving;
    private long _appended;
    private int _next;

    /// <param name="database">The writer's connection.</param>
    /// <param name="limit">Bytes of rows that come together before they are carried over.</param>
    public StateJournal(SqliteDatabase database, long limit)
    {
        _limit = limit;
        _append = database.Prepare("INSERT INTO journal (number, body) VALUES (?, ?)");
        _remove = database.Prepare("DELETE FROM journal WHERE number <= ?");
        _profile = database.Prepare("REPLACE INTO profiles (id, high, seen, body) VALUES (?, ?, ?, ?)");
        _reputation = database.Prepare("REPLACE INTO reputation (low, high, seen, body) VALUES (?, ?, ?, ?)");
        _pair = database.Prepare("REPLACE INTO pairs (id, high, seen, body) VALUES (?, ?, ?, ?)");
        _skeleton = database.Prepare("REPLACE INTO skeletons (id, high, seen, body) VALUES (?, ?, ?, ?)");
        _name = database.Prepare("REPLACE INTO names (cell, body) VALUES (?, ?)");
        using var units = database.Once("SELECT number, body FROM journal ORDER BY number");
        while (units.Step())
        {
            _number = units.Integer(0);
            _arriving.Add(units.Blob(1), ResidentState.ReplayedCommit);
        }
    }

    /// <summary>Gets the newest commit whose rows, and those of all before it, are in their tables, once the transaction under way is durable.</summary>
    public long StoredThrough { get; private set; }

    /// <summary>Writes the rows of one unit of work.</summary>
    public void Append(ReadOnlySpan<byte> rows, long commit)
    {
        if (rows.IsEmpty) return;
        _append.Bind(1, ++_number).Bind(2, rows).Run();
        _arriving.Add(rows, commit);
        _appended += rows.Length;
    }

    /// <summary>Carries over as many rows as the transaction under way has room for.</summary>
    /// <param name="day">Today, in days since 1970: what the rows are marked with.</param>
    /// <param name="isIdle">Whether nothing else waits. Then the journal of a small store stays short.</param>
    public void CarryOver(long day, bool isIdle)
    {
        if (_sorting is null && _arriving.Length >= (isIdle ? Math.Min(IdleLength, _limit) : _limit)) Begin();
        if (_sorting is { IsCompleted: true })
        {
            _sorting.GetAwaiter().GetResult();
            var share = Math.Min(1, _appended * Pace / _limit);
            WriteRows((int)Math.Max(isIdle ? IdleSlice : SmallestSlice, share * _leaving.Count), day);
        }

        _appended = 0;
    }

    /// <summary>Takes rows out of the journal, within the transaction under way.</summary>
    /// <param name="isGone">Says which.</param>
    /// <returns>The keys of those that were there.</returns>
    public HashSet<UInt128> Erase(SqliteDatabase database, Func<StateRowKind, UInt128, bool> isGone)
    {
        _sorting?.GetAwaiter().GetResult();
        HashSet<UInt128> found = [];
        _arriving.Remove(isGone);
        _leaving.Remove(isGone);
        var kept = new ByteBuffer();
        List<(long Number, byte[] Body)> changed = [];
        using (var units = database.Once("SELECT number, body FROM journal"))
        {
            while (units.Step())
            {
                kept.Clear();
                var body = units.Blob(1);
                for (var from = new ByteReader(body); !from.IsAtEnd;)
                {
                    var row = StateRow.Read(ref from);
                    if (isGone(row.Kind, row.Key)) found.Add(row.Key);
                    else StateRow.Write(kept, row.Kind, row.Key, row.Body);
                }

                if (kept.Length < body.Length) changed.Add((units.Integer(0), kept.Written.ToArray()));
            }
        }

        foreach (var (number, body) in changed) database.Execute("UPDATE journal SET body = ? WHERE number = ?", body, number);
        return found;
    }

    private void Begin()
    {
        (_arriving, _leaving) = (_leaving, _arriving);
        (_next, _lastLeaving) = (0, _number);
        _sorting = Task.CompletedTask;
        if (_leaving.Length <= SmallSort) _leaving.Sort();
        else _sorting = Task.Run(_leaving.Sort);
    }

    private void WriteRows(int count, long day)
    {
        var end = Math.Min(_next + count, _leaving.Count);
        for (; _next < end; _next++) WriteRow(_leaving[_next], day);
        if (_next < _leaving.Count) return;
        _remove.Bind(1, _lastLeaving).Run();
        StoredThrough = _leaving.Commit;
        _leaving.Clear();
        _sorting = null;
    }

    private void WriteRow(StateRow row, long day)
    {
        if (row.Kind == StateRowKind.None) return;
        if (row.Kind == StateRowKind.Name)
        {
            _name.Bind(1, (ulong)row.Key).Bind(2, row.Body).Run();
            return;
        }

        var statement = row.Kind switch
        {
            StateRowKind.Profile => _profile,
            StateRowKind.Reputation => _reputation,
            StateRowKind.Pair => _pair,
            StateRowKind.Skeleton => _skeleton,
            var kind => throw new FormatException($"The journal of rows is damaged: no row is of kind {kind}."),
        };
        statement.Bind(1, (ulong)row.Key).Bind(2, (ulong)(row.Key >> 64)).Bind(3, day).Bind(4, row.Body).Run();
    }
}
