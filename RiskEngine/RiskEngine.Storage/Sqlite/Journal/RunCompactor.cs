namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Carries runs over into the tables, many runs at a time, and removes them.</summary>
/// <remarks>
/// With <see cref="RunsPerPass"/> runs together a row is carried over once for all of its states in them, and a page of a table is changed once for many rows:
/// half as many runs would carry over 1.4 times as many rows an event, twice as many 0.6 times. A row that the <see cref="NewerRuns"/> behind them hold as well is
/// left to a later pass, since nobody would read it in its table until then: that is half of the rows, those of whoever comes often. What is read ahead is read
/// beside the writer; the rest belongs to its thread. A crash in between does no harm: until a pass is done its runs count, and hold what the tables got or what is newer.
/// </remarks>
internal sealed class RunCompactor : IDisposable
{
    /// <summary>Runs that are carried over together. At twice as many the writer waits until they are fewer.</summary>
    public const int RunsPerPass = 24;

    /// <summary>Newer runs, those that a pass leaves.</summary>
    public const int NewerRuns = 8;

    /// <summary>Runs with which a pass begins while there is other work.</summary>
    private const int RunsToBegin = RunsPerPass + NewerRuns;

    /// <summary>How many times faster than new runs come old ones are carried over.</summary>
    private const double Pace = 2;

    /// <summary>Bytes that are read ahead.</summary>
    private const long SliceLength = 2 << 20;

    /// <summary>Rows, and blocks of finished runs, that go in a transaction when there is nothing else to do, and blocks at least.</summary>
    private const int IdleSlice = 4096, SmallestSlice = 256;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SqliteDatabase _database;
    private readonly RowWriter _tables;
    private readonly Func<SqliteDatabase> _open;
    private readonly double _share;
    private PendingRows _slice = new();
    private PendingRows _ahead = new();
    private RunMerge? _merge;
    private Task _reading = Task.CompletedTask;
    private long _lastOfPass;
    private long _rowsOfPass;
    private double _due;
    private int _next;
    private bool _hasRemains = true;
    private bool _isErasing;

    /// <param name="database">The writer's connection.</param>
    /// <param name="tables">Writes the rows.</param>
    /// <param name="open">Opens a connection to read with.</param>
    /// <param name="runs">Those that are durable, newest first.</param>
    /// <param name="limit">Bytes of the journal that become a run.</param>
    public RunCompactor(SqliteDatabase database, RowWriter tables, Func<SqliteDatabase> open, SortedRun[] runs, long limit)
    {
        (_database, _tables, _open, Runs) = (database, tables, open, runs);
        _share = Pace / (RunsPerPass * (double)limit);
    }

    /// <summary>Gets the runs, newest first, as they are once the transaction under way is durable.</summary>
    public SortedRun[] Runs { get; private set; }

    public void Add(SortedRun run) => Runs = [run, .. Runs];

    /// <summary>The transaction under way is durable: what it changed can be read.</summary>
    public void NoteCommitted() => _isErasing = false;

    /// <summary>Does as much as the transaction under way has room for. Comes before what else the transaction does with runs, which nobody else can read yet.</summary>
    /// <param name="appended">Bytes that came into the journal with the transaction.</param>
    /// <param name="day">Today, in days since 1970.</param>
    /// <param name="isIdle">Whether nothing else waits. Then all runs are carried over, however few.</param>
    public void Advance(long appended, long day, bool isIdle)
    {
        if (_merge is null && !_isErasing && Runs.Length >= (isIdle ? 1 : RunsToBegin)) Begin(isIdle ? 0 : NewerRuns);
        // A pass that was begun at rest, however few its runs, waits while there is other work, until there are as many as one is worth.
        if (_merge is not null && (isIdle || Runs.Length >= RunsToBegin))
        {
            _due += Math.Max(isIdle ? IdleSlice : 1, Math.Min(1, appended * _share) * _rowsOfPass);
            Write(day, waits: Runs.Length >= 2 * RunsPerPass);
        }

        if (_hasRemains) RemoveRemains(isIdle ? IdleSlice : (int)Math.Max(SmallestSlice, appended / 1024));
    }

    /// <summary>Takes rows out of all runs, and removes what is left of runs that do not count.</summary>
    /// <returns>The keys of those that were there.</returns>
    public HashSet<UInt128> Erase(IReadOnlyCollection<(StateRowKind Kind, UInt128 Key)> rows)
    {
        Settle();
        _isErasing = true;
        var gone = rows.ToHashSet();
        _slice.Remove((kind, key) => gone.Contains((kind, key)));
        _ahead.Remove((kind, key) => gone.Contains((kind, key)));
        HashSet<UInt128> found = [];
        foreach (var (kind, key) in rows)
        {
            foreach (var run in Runs)
            {
                if (RunEraser.Erase(_database, run, kind, key) is not { } changed) continue;
                Runs = [.. Runs.Select(other => other.Number == run.Number ? changed : other)];
                found.Add(key);
            }
        }

        _merge?.Renew();
        _database.Execute("DELETE FROM run_blocks WHERE place < ? OR place >= ?", SortedRun.PlaceOf(FirstNumber(), 0), SortedRun.PlaceOf(RunWriter.NextNumber(_database), 0));
        return found;
    }

    /// <summary>Closes the connection that reads ahead; where the disk does not answer, as soon as it does.</summary>
    public void Dispose()
    {
        if (_merge is not { } merge) return;
        _merge = null;
        if (((IAsyncResult)_reading).AsyncWaitHandle.WaitOne(Patience)) merge.Dispose();
        else _ = _reading.ContinueWith(_ => merge.Dispose(), TaskScheduler.Default);
    }

    /// <param name="newer">Runs that stay, the newest.</param>
    private void Begin(int newer)
    {
        (_lastOfPass, _rowsOfPass, _due, _next) = (Runs[newer].Number, Runs.Skip(newer).Sum(run => (long)run.Rows), 0, 0);
        _merge = new RunMerge(_open(), Runs, _lastOfPass);
        _slice.Clear();
        ReadAhead();
    }

    private void Write(long day, bool waits)
    {
        for (; _due > 0; _due--)
        {
            if (_next == _slice.Count && !TakeSlice(waits)) return;
            if (_slice.Count == 0)
            {
                Finish();
                return;
            }

            _tables.Write(_slice[_next++], day);
        }
    }

    /// <summary>Goes on to what was read ahead; false where it is not there yet.</summary>
    private bool TakeSlice(bool waits)
    {
        // Blocks without a row that is being erased can be read once that is durable.
        if (_isErasing || (!_reading.IsCompleted && !waits)) return false;
        Settle();
        (_slice, _ahead, _next) = (_ahead, _slice, 0);
        ReadAhead();
        return true;
    }

    private void ReadAhead()
    {
        var (merge, into) = (_merge!, _ahead);
        _reading = Task.Run(() => merge.Fill(into, SliceLength));
    }

    private void Settle() => _reading.GetAwaiter().GetResult();

    private void Finish()
    {
        Settle();
        _merge!.Dispose();
        _merge = null;
        Runs = [.. Runs.Where(run => run.Number > _lastOfPass)];
        _database.Execute("DELETE FROM runs WHERE number <= ?", _lastOfPass);
        _hasRemains = true;
    }

    /// <summary>Removes a slice of what is below the oldest run. Blocks of a run are numbered without gaps, so none has to be read to be counted.</summary>
    private void RemoveRemains(int blocks)
    {
        var (first, end) = (_database.Number("SELECT min(place) FROM run_blocks"), SortedRun.PlaceOf(FirstNumber(), 0));
        _hasRemains = first > 0 && first < end;
        if (_hasRemains) _database.Execute("DELETE FROM run_blocks WHERE place < ?", Math.Min(end, first + blocks));
    }

    /// <summary>The number of the oldest run that counts, or else of the next one: what is below is left of runs that were carried over.</summary>
    private long FirstNumber() => Runs.Length > 0 ? Runs[^1].Number : RunWriter.NextNumber(_database);
}
