using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Makes changed rows durable by appending them, and carries them over into their tables later, many at a time.</summary>
/// <remarks>
/// <para>
/// Tables of state are keyed by hashes, so that a commit of a thousand events would change thousands of pages all over the file. Here it appends one row.
/// Once <c>limit</c> bytes have come together they are sorted and written slice by slice within the transactions that follow, while new ones come together
/// behind them: as a run of sorted blocks, or, where the different rows are few and there is no run, into their tables. <see cref="RunCompactor"/> carries
/// many runs over at once. This is a log-structured merge tree (O'Neil, Cheng, Gawlick and O'Neil, "The log-structured merge-tree", Acta Informatica 33,
/// 1996) with SQLite's b-trees for the last component.
/// </para>
/// <para>
/// A row is a whole state and not a difference, so that carrying it over twice, as after a crash in between, does no harm. Until it has left the journal,
/// memory holds it and gives it up for nothing (<see cref="StoredThrough"/>).
/// </para>
/// <para>Belongs to the writer's thread; sorting runs beside it. After a failed transaction it is thrown away with its connection.</para>
/// </remarks>
internal sealed class StateJournal : IDisposable
{
    /// <summary>Rows that are carried over at least in a transaction, and bytes up to which sorting is not worth a thread.</summary>
    private const int SmallestSlice = 256, SmallSort = 64 * 1024;

    /// <summary>Bytes that are carried over when there is nothing else to do, and the rows of a slice then.</summary>
    private const int IdleLength = 1 << 20, IdleSlice = 4096;

    /// <summary>Rows that are brought near at a time; a power of two.</summary>
    private const int RowsAhead = 32;

    /// <summary>How many times faster than new rows arrive old ones are carried over: they are done when half as many bytes have come together.</summary>
    private const double Pace = 2;

    private readonly SqliteDatabase _database;
    private readonly long _limit;
    private readonly long _smallestRun;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _insertBlock;
    private readonly RowWriter _tables;
    private readonly SortedRuns _published;
    private readonly RunCompactor _compactor;
    private readonly EarlierRows _earlier;
    private PendingRows _arriving = new();
    private PendingRows _leaving = new();
    private RunWriter? _run;
    private Task? _sorting;
    private long _number;
    private long _lastLeaving;
    private long _appended;
    private int _next;

    /// <param name="database">The writer's connection.</param>
    /// <param name="open">Opens a connection to read with.</param>
    /// <param name="runs">The runs that count, as the file has them; told of those that do from then on.</param>
    /// <param name="limit">Bytes of rows that come together before they are carried over.</param>
    /// <param name="smallestRun">Bytes of different rows from which on they become a run.</param>
    public StateJournal(SqliteDatabase database, Func<SqliteDatabase> open, SortedRuns runs, long limit, long smallestRun)
    {
        (_database, _published, _limit, _smallestRun) = (database, runs, limit, smallestRun);
        _append = database.Prepare("INSERT INTO journal (number, body) VALUES (?, ?)");
        _remove = database.Prepare("DELETE FROM journal WHERE number <= ?");
        _insertBlock = database.Prepare("REPLACE INTO run_blocks (place, rows) VALUES (?, ?)");
        _tables = new RowWriter(database);
        _compactor = new RunCompactor(database, _tables, open, runs.Current, limit);
        _number = database.Number("SELECT max(number) FROM journal");
        _earlier = new EarlierRows(open, _number);
        Publish();
    }

    /// <summary>Gets the newest commit whose rows, and those of all before it, are in runs or tables, once the transaction under way is durable.</summary>
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
        _compactor.Advance(_appended, day, isIdle);
        if (TakeEarlier(waits: _arriving.Length >= _limit)) CarryOverRows(day, isIdle);
        _appended = 0;
    }

    /// <summary>The transaction under way is durable.</summary>
    public void NoteCommitted()
    {
        _compactor.NoteCommitted();
        Publish();
    }

    /// <summary>Begins to read what was in the journal at the start, beside the writer. Until that is done nothing is carried over, unless a fill is full.</summary>
    public void ReadEarlier() => _earlier.Begin();

    /// <summary>Takes rows out of the journal and of all runs, within the transaction under way.</summary>
    /// <returns>The keys of those that were there.</returns>
    public HashSet<UInt128> Erase(IReadOnlyCollection<(StateRowKind Kind, UInt128 Key)> rows)
    {
        TakeEarlier(waits: true);
        _sorting?.GetAwaiter().GetResult();
        var gone = rows.ToHashSet();
        bool IsGone(StateRowKind kind, UInt128 key) => gone.Contains((kind, key));
        _arriving.Remove(IsGone);
        _leaving.Remove(IsGone);
        // The run that is being written begins anew, without them.
        if (_run is not null) (_run, _next) = (null, 0);
        var found = _compactor.Erase(rows);
        found.UnionWith(EraseFromUnits(IsGone));
        return found;
    }

    /// <summary>Closes the connections that read; where the disk does not answer, as soon as it does.</summary>
    public void Dispose()
    {
        _compactor.Dispose();
        _earlier.Dispose();
    }

    private void Publish()
    {
        if (!ReferenceEquals(_published.Current, _compactor.Runs)) _published.Current = _compactor.Runs;
    }

    private void CarryOverRows(long day, bool isIdle)
    {
        // When idle, runs go first: what is in the tables is older than any of them.
        var enough = isIdle && _compactor.Runs.Length == 0 ? Math.Min(IdleLength, _limit) : _limit;
        if (_sorting is null && _arriving.Length >= enough) Begin();
        // Two fills are the most that a start has to read: where the next one is full already, the writer waits.
        var isLate = _arriving.Length >= _limit;
        if (_sorting is not null && (_sorting.IsCompleted || isLate))
        {
            _sorting.GetAwaiter().GetResult();
            if (_next == 0) BeginRun();
            var share = isLate ? 1 : Math.Min(1, _appended * Pace / _limit);
            WriteRows((int)Math.Max(isIdle ? IdleSlice : SmallestSlice, share * _leaving.Count), day);
        }
    }

    /// <summary>Puts what was in the journal at the start before what has come since; false while it is still being read.</summary>
    private bool TakeEarlier(bool waits)
    {
        if (_earlier.AreTaken) return true;
        if (_earlier.TryTake(waits) is not { } rows) return false;
        rows.Add(_arriving);
        _arriving = rows;
        return true;
    }

    private HashSet<UInt128> EraseFromUnits(Func<StateRowKind, UInt128, bool> isGone)
    {
        HashSet<UInt128> found = [];
        var kept = new ByteBuffer();
        List<(long Number, byte[] Body)> changed = [];
        using (var units = _database.Once("SELECT number, body FROM journal"))
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

        foreach (var (number, body) in changed) _database.Execute("UPDATE journal SET body = ? WHERE number = ?", body, number);
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

    /// <summary>Rows of a run hide those of the tables, so while there is one, what comes after it is a run too.</summary>
    private void BeginRun()
    {
        if (_compactor.Runs.Length == 0 && _leaving.Length < _smallestRun) return;
        _run = new RunWriter(_database, _insertBlock, RunWriter.NextNumber(_database), _leaving.Count);
    }

    private void WriteRows(int count, long day)
    {
        var end = Math.Min(_next + count, _leaving.Count);
        for (; _next < end; _next++)
        {
            if (_next % RowsAhead == 0) _leaving.Approach(_next, Math.Min(_next + RowsAhead, end));
            var row = _leaving[_next];
            if (_run is { } run && RowTables.IsKeyed(row.Kind)) run.Add(row);
            else _tables.Write(row, day);
        }

        if (_next < _leaving.Count) return;
        if (_run?.Finish() is { } written) _compactor.Add(written);
        _remove.Bind(1, _lastLeaving).Run();
        StoredThrough = _leaving.Commit;
        _leaving.Clear();
        (_sorting, _run) = (null, null);
    }
}
