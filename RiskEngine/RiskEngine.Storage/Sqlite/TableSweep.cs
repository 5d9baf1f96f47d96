namespace RiskEngine.Storage.Sqlite;

/// <summary>Goes through a table of state slice by slice and removes rows that last changed before a day; starts over at the end.</summary>
/// <remarks>Belongs to the writer's thread.</remarks>
internal sealed class TableSweep
{
    private const int RowsPerSlice = 500;

    private readonly string _last;
    private readonly string _delete;
    private readonly int _columns;
    private long[] _at;

    /// <param name="table">Its name.</param>
    /// <param name="key">The columns of its key, one or two.</param>
    public TableSweep(string table, params string[] key)
    {
        var columns = string.Join(", ", key);
        var marks = key.Length == 1 ? "?" : "(?, ?)";
        var tuple = key.Length == 1 ? columns : $"({columns})";
        _columns = key.Length;
        _at = Start();
        _last = $"SELECT {columns} FROM {table} WHERE {tuple} > {marks} ORDER BY {columns} LIMIT 1 OFFSET {RowsPerSlice - 1}";
        _delete = $"DELETE FROM {table} WHERE {tuple} > {marks} AND {tuple} <= {marks} AND seen < ?";
    }

    /// <summary>Goes on by one slice and returns how many rows it removed.</summary>
    public int Run(SqliteDatabase database, long beforeDay)
    {
        var from = _at.Cast<object?>().ToArray();
        var last = database.Query(_last, row => Enumerable.Range(0, _columns).Select(row.Integer).ToArray(), from);
        var to = last.Count > 0 ? last[0] : [.. Enumerable.Repeat(long.MaxValue, _columns)];
        database.Execute(_delete, [.. from, .. to, beforeDay]);
        _at = last.Count > 0 ? last[0] : Start();
        return database.Changes;
    }

    private long[] Start() => [.. Enumerable.Repeat(long.MinValue, _columns)];
}
