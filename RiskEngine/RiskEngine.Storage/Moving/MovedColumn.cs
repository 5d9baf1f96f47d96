using System.Buffers.Binary;
using Npgsql;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Moving;

/// <summary>What a column holds, in both databases.</summary>
internal enum ColumnKind
{
    /// <summary>64 bits.</summary>
    Integer,

    /// <summary>32 bits.</summary>
    Day,

    /// <summary>16 bits.</summary>
    Small,

    Flag,

    Text,

    Bytes,

    /// <summary>A key of 128 bits: a blob of 16 bytes, most significant first, in SQLite, and a uuid in PostgreSQL.</summary>
    Key,

    /// <summary>The same, as two columns in SQLite: low half, then high half.</summary>
    Halves,
}

/// <summary>A column that goes over.</summary>
/// <param name="Name">In PostgreSQL.</param>
/// <param name="From">What is selected in SQLite: a column, two for <see cref="ColumnKind.Halves"/>, or a constant.</param>
internal sealed record MovedColumn(string Name, ColumnKind Kind, string From)
{
    public MovedColumn(string name, ColumnKind kind)
        : this(name, kind, name)
    {
    }

    /// <summary>Gets how many columns of SQLite it takes.</summary>
    public int Width => Kind == ColumnKind.Halves ? 2 : 1;

    /// <summary>Gets its type in PostgreSQL, as an array.</summary>
    public string ArrayType => Kind switch
    {
        ColumnKind.Integer => "bigint[]",
        ColumnKind.Day => "integer[]",
        ColumnKind.Small => "smallint[]",
        ColumnKind.Flag => "boolean[]",
        ColumnKind.Text => "text[]",
        ColumnKind.Bytes => "bytea[]",
        _ => "uuid[]",
    };

    /// <summary>The value in SQLite; null for NULL.</summary>
    public object? Read(SqliteStatement row, int at)
    {
        if (row.IsNull(at)) return null;
        return Kind switch
        {
            ColumnKind.Integer => row.Integer(at),
            ColumnKind.Day => checked((int)row.Integer(at)),
            ColumnKind.Small => checked((short)row.Integer(at)),
            ColumnKind.Flag => row.Integer(at) != 0,
            ColumnKind.Text => row.Text(at),
            ColumnKind.Bytes => row.Blob(at).ToArray(),
            ColumnKind.Key => PgKey.Of(BinaryPrimitives.ReadUInt128BigEndian(row.Blob(at))),
            _ => PgKey.Of(new UInt128(row.Bits(at + 1), row.Bits(at))),
        };
    }

    /// <summary>The value in PostgreSQL; null for NULL.</summary>
    public object? Read(NpgsqlDataReader row, int at)
    {
        if (row.IsDBNull(at)) return null;
        return Kind switch
        {
            ColumnKind.Integer => row.GetInt64(at),
            ColumnKind.Day => row.GetInt32(at),
            ColumnKind.Small => row.GetInt16(at),
            ColumnKind.Flag => row.GetBoolean(at),
            ColumnKind.Text => row.GetString(at),
            ColumnKind.Bytes => row.GetFieldValue<byte[]>(at),
            _ => row.GetGuid(at),
        };
    }

    /// <summary>Values of many rows as one parameter.</summary>
    public Array ToArray(IReadOnlyList<object?[]> rows, int at) => Kind switch
    {
        ColumnKind.Integer => Of<long?>(rows, at),
        ColumnKind.Day => Of<int?>(rows, at),
        ColumnKind.Small => Of<short?>(rows, at),
        ColumnKind.Flag => Of<bool?>(rows, at),
        ColumnKind.Text => Of<string?>(rows, at),
        ColumnKind.Bytes => Of<byte[]?>(rows, at),
        _ => Of<Guid?>(rows, at),
    };

    private static T[] Of<T>(IReadOnlyList<object?[]> rows, int at)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = (T)rows[i][at]!;
        return values;
    }
}
