using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>A table of state whose rows go one by one into an empty one of the same form, under other keys.</summary>
/// <remarks>Two tables, so that no new key is taken for an old one. Within the transaction under way.</remarks>
internal sealed class MovedTable : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly string _name;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _insert;

    /// <param name="kind">Of profiles, pairs or looks of names.</param>
    public MovedTable(SqliteDatabase database, StateRowKind kind)
    {
        (_database, _name) = (database, RowTables.NameOf(kind));
        var schema = database.Query("SELECT sql FROM sqlite_schema WHERE name = ?", row => row.Text(0), _name)[0];
        database.Execute($"ALTER TABLE {_name} RENAME TO {_name}_before");
        database.Execute(schema);
        _find = database.Once($"SELECT seen, body FROM {_name}_before WHERE id = ? AND high = ?");
        _remove = database.Once($"DELETE FROM {_name}_before WHERE id = ? AND high = ?");
        _insert = database.Once($"INSERT OR IGNORE INTO {_name} (id, high, seen, body) VALUES (?, ?, ?, ?)");
    }

    /// <summary>Gets how many rows have a new key.</summary>
    public long Moved { get; private set; }

    /// <summary>Changes what else a row holds; false to leave it where it is.</summary>
    public delegate bool Change(Span<byte> body);

    /// <summary>Moves a row, where it is there still.</summary>
    public void Move(UInt128 before, UInt128 after, Change? change = null)
    {
        var (isFound, seen, body) = (_find.Bind(1, (ulong)before).Bind(2, (ulong)(before >> 64)).Step(), 0L, Array.Empty<byte>());
        if (isFound) (seen, body) = (_find.Integer(0), _find.Blob(1).ToArray());
        _find.Reset();
        if (!isFound || change?.Invoke(body) == false) return;
        _remove.Bind(1, (ulong)before).Bind(2, (ulong)(before >> 64)).Run();
        _insert.Bind(1, (ulong)after).Bind(2, (ulong)(after >> 64)).Bind(3, seen).Bind(4, body).Run();
        Moved++;
    }

    /// <summary>Gives up the rows that were not moved, and returns how many they were.</summary>
    public long Drop()
    {
        Dispose();
        var left = _database.Number($"SELECT count(*) FROM {_name}_before");
        _database.Execute($"DROP TABLE {_name}_before");
        return left;
    }

    public void Dispose()
    {
        _find.Dispose();
        _remove.Dispose();
        _insert.Dispose();
    }
}
