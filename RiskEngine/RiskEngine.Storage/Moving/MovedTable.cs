using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Moving;

/// <summary>A table whose rows go from the file into PostgreSQL, a slice at a time and in an order, so that a move that broke off goes on behind the last slice.</summary>
/// <param name="Name">As people and the mark know it.</param>
/// <param name="Target">The table in PostgreSQL.</param>
/// <param name="From">The table in SQLite.</param>
/// <param name="Order">One or two columns of integers in SQLite that order its rows and are unique; none for a table that goes over whole.</param>
/// <param name="Columns">What goes over.</param>
internal record MovedTable(string Name, string Target, string From, IReadOnlyList<string> Order, IReadOnlyList<MovedColumn> Columns)
{
    /// <summary>Gets which of the target's rows are this table's; empty for all of them.</summary>
    public string Where { get; init; } = "";

    /// <summary>Gets the column in PostgreSQL that gives out numbers, and what the last one of SQLite is; null for none.</summary>
    public (string Column, string Last)? Numbers { get; init; }

    /// <summary>Reads the rows behind a place.</summary>
    /// <param name="after">Where the last slice ended; null for the first one.</param>
    /// <param name="limit">How many rows at most, where the table has an order.</param>
    public MovedSlice Read(SqliteDatabase file, long[]? after, int limit)
    {
        if (Order.Count == 0 && after is not null) return new MovedSlice([], null);
        var order = string.Join(", ", Order);
        var where = after is null ? "" : $" WHERE ({order}) > ({string.Join(", ", after.Select(_ => "?"))})";
        var slicing = Order.Count == 0 ? "" : $" ORDER BY {order} LIMIT {limit}";
        var selected = string.Join(", ", Order.Concat(Columns.Select(column => column.From)));
        List<object?[]> rows = [];
        long[] last = [];
        using var found = file.Once($"SELECT {selected} FROM {From}{where}{slicing}", after is null ? [] : [.. after.Cast<object?>()]);
        while (found.Step())
        {
            last = new long[Order.Count];
            for (var i = 0; i < last.Length; i++) last[i] = found.Integer(i);
            rows.Add(Complete(ReadRow(found)));
        }

        return new MovedSlice(rows, rows.Count == 0 ? null : last);
    }

    public long Count(SqliteDatabase file) => file.Number($"SELECT count(*) FROM {From}");

    /// <summary>Changes a row on its way, where the two stores write something in different ways.</summary>
    protected virtual object?[] Complete(object?[] row) => row;

    private object?[] ReadRow(SqliteStatement found)
    {
        var row = new object?[Columns.Count];
        for (int i = 0, at = Order.Count; i < row.Length; at += Columns[i].Width, i++) row[i] = Columns[i].Read(found, at);
        return row;
    }
}

/// <param name="Last">Where it ended; null where there was nothing more.</param>
internal readonly record struct MovedSlice(IReadOnlyList<object?[]> Rows, long[]? Last);
