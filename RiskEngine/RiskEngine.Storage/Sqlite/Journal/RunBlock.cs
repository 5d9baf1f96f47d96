using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Rows one after the other, as <see cref="StateRow"/> writes them, in the order of <see cref="RowPosition"/>: one page of a run.</summary>
internal static class RunBlock
{
    /// <summary>Bytes that go into one leaf of SQLite with nothing left over to other pages (sqlite.org/fileformat2.html, section 1.6).</summary>
    public const int Capacity = SqliteFile.PageSize - 64;

    /// <summary>Finds the row of a key.</summary>
    /// <exception cref="FormatException">The bytes are no such rows.</exception>
    public static bool TryFind(ReadOnlySpan<byte> block, StateRowKind kind, UInt128 key, out ReadOnlySpan<byte> body)
    {
        for (var from = new ByteReader(block); !from.IsAtEnd;)
        {
            var row = Next(ref from);
            body = row.Body;
            if (row.Key == key && row.Kind == kind) return true;
        }

        body = default;
        return false;
    }

    /// <exception cref="FormatException">The bytes are no such rows.</exception>
    public static StateRow Next(scoped ref ByteReader from)
    {
        try
        {
            return StateRow.Read(ref from);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("The runs of rows are damaged: a row ends too early.", exception);
        }
    }
}
