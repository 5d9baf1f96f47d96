using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>Carries all that waits in runs and journal over into the tables, the newest state of a row last, within the transaction under way.</summary>
internal sealed class StateMerge(SqliteDatabase database)
{
    private readonly RowWriter _tables = new(database);
    private readonly long _day = EventIdWindow.DayOf(new Core.Events.EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'")));

    public void Run()
    {
        Write("SELECT rows FROM run_blocks WHERE place >> 24 IN (SELECT number FROM runs) ORDER BY place");
        Write("SELECT body FROM journal ORDER BY number");
        database.Execute("DELETE FROM runs; DELETE FROM run_blocks; DELETE FROM journal");
    }

    private void Write(string sql)
    {
        using var units = database.Once(sql);
        while (units.Step())
        {
            for (var from = new ByteReader(units.Blob(0)); !from.IsAtEnd;) _tables.Write(RunBlock.Next(ref from), _day);
        }
    }
}
