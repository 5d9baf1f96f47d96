using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Goes through the rows of one run, in their order, a block at a time.</summary>
/// <remarks>Used by one thread at a time.</remarks>
/// <param name="run">The run.</param>
/// <param name="select">Reads a block by its place; shared with other cursors.</param>
internal sealed class RunCursor(SortedRun run, SqliteStatement select)
{
    private byte[] _rows = [];
    private int _length;
    private int _next;
    private int _block;
    private UInt128 _key;
    private int _body;
    private int _bodyLength;
    private bool _isAtRow;
    private RowPosition? _after;

    /// <summary>Gets the number of the run.</summary>
    public long Number => run.Number;

    /// <summary>Gets where the row lies at which it stands.</summary>
    public RowPosition Position { get; private set; }

    /// <summary>Gets the row; good until the next step.</summary>
    public StateRow Row => new(Position.Kind, _key, _rows.AsSpan(_body, _bodyLength));

    /// <summary>Reads as much as is needed to stand at a row; false at the end of the run.</summary>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public bool IsAtRow() => _isAtRow || Next();

    /// <summary>Goes on to the next row; false at the end of the run.</summary>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public bool Next()
    {
        _isAtRow = false;
        do
        {
            while (_next == _length)
            {
                if (_block >= run.Blocks) return false;
                Read(_block++);
            }

            Arrive();
        }
        while (_after is { } after && Position.CompareTo(after) <= 0);

        _after = null;
        return _isAtRow = true;
    }

    /// <summary>Begins anew, behind a position; at the beginning where there is none.</summary>
    public void Restart(RowPosition? after)
    {
        (_next, _length, _isAtRow, _after) = (0, 0, false, after);
        _block = after is { } position ? Math.Max(0, run.BlockOf(position)) : 0;
    }

    private void Arrive()
    {
        var from = new ByteReader(_rows.AsSpan(_next, _length - _next));
        var row = RunBlock.Next(ref from);
        _next = _length - from.Length;
        (_key, _body, _bodyLength) = (row.Key, _next - row.Body.Length, row.Body.Length);
        Position = RowPosition.Of(row);
    }

    private void Read(int block)
    {
        (_next, _length) = (0, 0);
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
