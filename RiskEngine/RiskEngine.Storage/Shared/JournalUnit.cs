using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>The rows of one change, as the journal has them.</summary>
/// <param name="Number">Of the change, see <see cref="PostgreSql.PgHead"/>: the version of its rows.</param>
/// <param name="Seen">Its day, in days since 1970.</param>
/// <param name="Body">Its rows, one after the other; an empty one went.</param>
internal sealed record JournalUnit(long Number, int Seen, byte[] Body)
{
    public static byte[] Write(ByteBuffer to, IEnumerable<(RowKey Key, byte[] Body)> rows)
    {
        to.Clear();
        foreach (var (key, body) in rows) StateRow.Write(to, key.Kind, key.Key, body);
        return to.Written.ToArray();
    }

    /// <summary>Reads the rows; they lie in the body.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no such body.</exception>
    public List<(RowKey Key, RowValue Value)> Rows()
    {
        List<(RowKey, RowValue)> rows = [];
        for (var from = new ByteReader(Body); !from.IsAtEnd;)
        {
            var row = StateRow.Read(ref from);
            var end = Body.Length - from.Length;
            rows.Add((new RowKey(row.Kind, row.Key), new RowValue(Number, Body.AsMemory(end - row.Body.Length, row.Body.Length))));
        }

        return rows;
    }
}
