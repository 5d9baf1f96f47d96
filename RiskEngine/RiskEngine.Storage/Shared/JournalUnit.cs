using RiskEngine.Core.State;
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
    /// <exception cref="StateStoreException">It is no such body: somebody else wrote there.</exception>
    public List<(RowKey Key, RowValue Value)> Rows()
    {
        List<(RowKey, RowValue)> rows = [];
        try
        {
            for (var from = new ByteReader(Body); !from.IsAtEnd;)
            {
                var row = StateRow.Read(ref from);
                var end = Body.Length - from.Length;
                rows.Add((new RowKey(row.Kind, row.Key), new RowValue(Number, Body.AsMemory(end - row.Body.Length, row.Body.Length))));
            }
        }
        catch (ArgumentOutOfRangeException broken)
        {
            throw new StateStoreException($"Number {Number} of the table journal in PostgreSQL cannot be read. Put back a copy of the database from before; replicas of a newer version must not have served it.", broken);
        }

        return rows;
    }
}
