using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Writes one run, block after block, within the transactions under way.</summary>
/// <remarks>
/// Until <see cref="Finish"/> nobody looks at it. What a crash left of one is overwritten by the next, which has the same number. Belongs to the writer's thread.
/// </remarks>
internal sealed class RunWriter
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _insert;
    private readonly long _number;
    private readonly byte[] _filter;
    private readonly List<RowPosition> _firsts = [];
    private readonly ByteBuffer _block = new();
    private int _rows;

    /// <param name="insert">Takes the place of a block and its bytes.</param>
    /// <param name="number">Its number, see <see cref="NextNumber"/>.</param>
    /// <param name="rows">How many rows come at most.</param>
    public RunWriter(SqliteDatabase database, SqliteStatement insert, long number, int rows) =>
        (_database, _insert, _number, _filter) = (database, insert, number, SortedRun.EmptyFilter(rows));

    /// <summary>The number that the next run will have.</summary>
    public static long NextNumber(SqliteDatabase database) => database.Number("SELECT seq FROM sqlite_sequence WHERE name = 'runs'") + 1;

    /// <summary>Adds a row; they come in the order of <see cref="RowPosition"/>.</summary>
    public void Add(StateRow row)
    {
        if (_block.Length > 0 && _block.Length + StateRow.LengthOf(row) > RunBlock.Capacity) WriteBlock();
        if (_block.Length == 0) _firsts.Add(RowPosition.Of(row));
        StateRow.Write(_block, row.Kind, row.Key, row.Body);
        SortedRun.AddTo(_filter, row);
        _rows++;
    }

    /// <summary>Makes the run count, with the transaction under way.</summary>
    public SortedRun Finish()
    {
        if (_block.Length > 0) WriteBlock();
        _database.Execute("DELETE FROM run_blocks WHERE place >= ?", SortedRun.PlaceOf(_number, _firsts.Count));
        var run = new SortedRun(_number, _rows, _filter, [.. _firsts]);
        _database.Execute("INSERT INTO runs (number, directory) VALUES (?, ?)", _number, run.ToBytes());
        return run;
    }

    private void WriteBlock()
    {
        _insert.Bind(1, SortedRun.PlaceOf(_number, _firsts.Count - 1)).Bind(2, _block.Written).Run();
        _block.Clear();
    }
}
