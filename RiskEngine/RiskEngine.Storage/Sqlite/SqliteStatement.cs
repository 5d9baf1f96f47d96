using SQLitePCL;

namespace RiskEngine.Storage.Sqlite;

/// <summary>A prepared statement: bind, step, read, reset. Parameters count from 1, columns from 0.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Zero once disposed.</summary>
    private nint _pointer = handle.DangerousGetHandle();

    public SqliteStatement Bind(int parameter, long value)
    {
        database.Check(SqliteCalls.BindInteger(_pointer, parameter, value));
        return this;
    }

    /// <summary>Binds a hash: all 64 bits, as the signed number that SQLite keeps.</summary>
    public SqliteStatement Bind(int parameter, ulong bits) => Bind(parameter, unchecked((long)bits));

    public SqliteStatement BindNull(int parameter)
    {
        database.Check(SqliteCalls.BindNull(_pointer, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        database.Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : SqliteCalls.BindBlob(_pointer, parameter, in blob[0], blob.Length, SqliteCalls.Copied));
        return this;
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    public SqliteStatement BindAny(int parameter, object? value) => value switch
    {
        null => BindNull(parameter),
        byte[] blob => Bind(parameter, blob),
        string text => BindText(parameter, System.Text.Encoding.UTF8.GetBytes(text)),
        _ => Bind(parameter, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    /// <summary>Goes to the next row; false where there is none.</summary>
    public bool Step()
    {
        var result = SqliteCalls.Step(_pointer);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE) return false;
        Reset();
        database.Check(result);
        return false;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next time.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => _ = SqliteCalls.Reset(_pointer);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public ulong Bits(int column) => unchecked((ulong)Integer(column));

    /// <summary>The bytes of a column; good until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    /// <summary>A row of plain data; false where its length is another.</summary>
    public bool TryRow<TRow>(int column, out TRow row)
        where TRow : struct
    {
        var bytes = Blob(column);
        return StoredRow.TryRead(bytes, out row);
    }

    public void Dispose()
    {
        _pointer = 0;
        handle.Dispose();
    }
}
