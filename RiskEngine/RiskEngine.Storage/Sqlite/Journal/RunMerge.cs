namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Reads several runs as one, in the order of the tables, the newest state of each row, and leaves out rows that newer runs hold as well.</summary>
/// <remarks>
/// A merge by a binary heap, whose top is the run that stands at the least row and, of those that stand at the same, the newest. Reads on a connection of its
/// own, which it closes; holds no snapshot between two calls. Used by one thread at a time.
/// </remarks>
internal sealed class RunMerge : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly long _newest;
    private readonly RunCursor[] _cursors;
    private readonly RunCursor[] _heap;
    private int _count;
    private RowPosition? _passed;
    private bool _isOrdered;

    /// <param name="database">A connection to read with.</param>
    /// <param name="runs">Newest first.</param>
    /// <param name="newest">The number of the newest run whose rows are handed out; rows whose newest state is in a newer one are passed over.</param>
    public RunMerge(SqliteDatabase database, IReadOnlyList<SortedRun> runs, long newest = long.MaxValue)
    {
        (_database, _newest) = (database, newest);
        var block = database.Prepare("SELECT rows FROM run_blocks WHERE place = ?");
        _cursors = [.. runs.Select(run => new RunCursor(run, block))];
        _heap = new RunCursor[_cursors.Length];
    }

    /// <summary>Reads on, up to that many bytes of rows and a little more. Nothing is added at the end.</summary>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public void Fill(PendingRows into, long length)
    {
        into.Clear();
        _database.Execute("BEGIN");
        if (!_isOrdered) Order();
        while (into.Length < length && _count > 0)
        {
            var position = _heap[0].Position;
            if (_heap[0].Number <= _newest) into.Add(_heap[0].Row);
            // What others have of the same row is older.
            do
            {
                Advance();
            }
            while (_count > 0 && _heap[0].Position == position);

            _passed = position;
        }

        _database.Execute("COMMIT");
    }

    /// <summary>Forgets what was read ahead, since blocks were changed; goes on after the last row handed out or passed over.</summary>
    public void Renew()
    {
        foreach (var cursor in _cursors) cursor.Restart(_passed);
        _isOrdered = false;
    }

    public void Dispose() => _database.Dispose();

    private static bool IsBefore(RunCursor one, RunCursor other)
    {
        var order = one.Position.CompareTo(other.Position);
        return order < 0 || (order == 0 && one.Number > other.Number);
    }

    private void Order()
    {
        _count = 0;
        foreach (var cursor in _cursors)
        {
            if (cursor.IsAtRow()) _heap[_count++] = cursor;
        }

        for (var at = (_count / 2) - 1; at >= 0; at--) SiftDown(at);
        _isOrdered = true;
    }

    private void Advance()
    {
        if (!_heap[0].Next()) _heap[0] = _heap[--_count];
        SiftDown(0);
    }

    private void SiftDown(int at)
    {
        if (at >= _count) return;
        var moved = _heap[at];
        for (var child = (2 * at) + 1; child < _count; child = (2 * at) + 1)
        {
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], moved)) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = moved;
    }
}
