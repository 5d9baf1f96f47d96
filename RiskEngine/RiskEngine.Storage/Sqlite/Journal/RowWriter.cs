namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Writes rows of state into their tables, within the transaction under way.</summary>
/// <remarks>Belongs to the writer's thread. Allocates nothing per row.</remarks>
internal sealed class RowWriter(SqliteDatabase database)
{
    private readonly SqliteStatement?[] _rows = RowTables.Prepare(
        database, kind => $"REPLACE INTO {RowTables.NameOf(kind)} ({RowTables.LowColumnOf(kind)}, high, seen, body) VALUES (?, ?, ?, ?)");

    private readonly SqliteStatement _name = database.Prepare("REPLACE INTO names (cell, body) VALUES (?, ?)");

    /// <param name="row">One that is of no table is passed over.</param>
    /// <param name="day">Today, in days since 1970: what the row is marked with.</param>
    /// <exception cref="FormatException">There is no such kind of row.</exception>
    public void Write(StateRow row, long day)
    {
        if (row.Kind == StateRowKind.None) return;
        if (row.Kind == StateRowKind.Name)
        {
            _name.Bind(1, (ulong)row.Key).Bind(2, row.Body).Run();
            return;
        }

        if (row.Kind > StateRowKind.Skeleton) throw new FormatException($"The journal of rows is damaged: no row is of kind {row.Kind}.");
        _rows[(int)row.Kind]!.Bind(1, (ulong)row.Key).Bind(2, (ulong)(row.Key >> 64)).Bind(3, day).Bind(4, row.Body).Run();
    }
}
