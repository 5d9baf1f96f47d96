using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Reads several runs as one, in the order of the tables, the newest state of each row.</summary>
/// <remarks>Reads on a connection of its own, which it closes; holds no snapshot between two calls. Used by one thread at a time.</remarks>
internal sealed class RunMerge : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly Cursor[] _cursors;
    private RowPosition? _last;

    /// <param name="database">A connection to read with.</param>
    /// <param name="runs">Newest first.</param>
    public RunMerge(SqliteDatabase database, IReadOnlyList<SortedRun> runs)
    {
        _database = database;
        var block = database.Prepare("SELECT rows FROM run_blocks WHERE place = ?");
        _cursors = [.. runs.Select(run => new Cursor(run, block))];
    }

    /// <summary>Reads on, up to that many bytes of rows and a little more. Nothing is added at the end.</summary>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public void Fill(PendingRows into, long length)
    {
        into.Clear();
        _database.Execute("BEGIN");
        while (into.Length < length && Least() is { } cursor)
        {
            var position = cursor.Position;
            into.Add(cursor.Row);
            foreach (var other in _cursors) other.Pass(position);
            _last = position;
        }

        _database.Execute("COMMIT");
    }

    /// <summary>Forgets what was read ahead, since blocks were changed; goes on after the last row handed out.</summary>
    public void Renew()
    {
        foreach (var cursor in _cursors) cursor.Restart(_last);
    }

    public void Dispose() => _database.Dispose();

    private Cursor? Least()
    {
        Cursor? least = null;
        foreach (var cursor in _cursors)
        {
            if (cursor.IsAtRow() && (least is null || cursor.Position.CompareTo(least.Position) < 0)) least = cursor;
        }

        return least;
    }

    private sealed class Cursor(SortedRun run, SqliteStatement select)
    {
        private byte[] _rows = [];
        private int _length;
        private int _at;
        private int _next;
        private int _block;
        private RowPosition? _after;

        public RowPosition Position { get; private set; }

        public StateRow Row
        {
            get
            {
                var from = new ByteReader(_rows.AsSpan(_at, _length - _at));
                return RunBlock.Next(ref from);
            }
        }

        /// <summary>Reads as much as is needed to stand at a row; false at the end of the run.</summary>
        public bool IsAtRow()
        {
            while (_at == _length)
            {
                if (_block >= run.Blocks) return false;
                Read(_block++);
                Arrive();
                while (_at < _length && Position.CompareTo(_after ?? Position) < 0) Step();
                if (_after is { } after) Pass(after);
            }

            return true;
        }

        /// <summary>Leaves a row of that position behind.</summary>
        public void Pass(RowPosition position)
        {
            if (_at < _length && Position == position) Step();
        }

        public void Restart(RowPosition? after)
        {
            (_at, _next, _length, _after) = (0, 0, 0, after);
            _block = after is { } position ? Math.Max(0, run.BlockOf(position)) : 0;
        }

        private void Step()
        {
            _at = _next;
            Arrive();
        }

        private void Arrive()
        {
            if (_at == _length) return;
            var from = new ByteReader(_rows.AsSpan(_at, _length - _at));
            Position = RowPosition.Of(RunBlock.Next(ref from));
            _next = _length - from.Length;
        }

        private void Read(int block)
        {
            (_at, _length) = (0, 0);
            // One that is not there was left without rows by an erasure.
            if (select.Bind(1, SortedRun.PlaceOf(run.Number, block)).Step())
            {
                var rows = select.Blob(0);
                if (_rows.Length < rows.Length) _rows = new byte[Math.Max(SqliteFile.PageSize, rows.Length)];
                rows.CopyTo(_rows);
                _length = rows.Length;
            }

            select.Reset();
        }
    }
}
