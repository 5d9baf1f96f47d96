using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Storage.Sqlite.Migrations;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

/// <summary>A file with the schema of a store, into which runs are written.</summary>
internal sealed class SomeRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStatement _insert;

    public SomeRuns()
    {
        Database = SqliteDatabase.OpenForWriting(_folder.File("runs.db"), create: true);
        Database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
        Migration.Run(Database);
        _insert = Database.Prepare("REPLACE INTO run_blocks (place, rows) VALUES (?, ?)");
    }

    public SqliteDatabase Database { get; }

    public SqliteDatabase OpenReader() => SqliteDatabase.OpenForReading(Database.Path);

    /// <summary>Rows of all keyed kinds whose keys differ, of lengths up to that of the longest profile; the first byte is <paramref name="mark"/>.</summary>
    public static List<(StateRowKind Kind, UInt128 Key, byte[] Body)> Rows(int count, int seed, byte mark)
    {
        var random = new Random(seed);
        List<(StateRowKind, UInt128, byte[])> rows = [];
        for (var i = 0; i < count; i++)
        {
            var kind = RowTables.Keyed[i % RowTables.Keyed.Count];
            var key = kind == StateRowKind.Reputation ? new UInt128((ulong)ReputationKind.Address << 56, (ulong)i) : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
            var body = new byte[random.Next(1, i % 50 == 0 ? 5000 : 300)];
            body[0] = mark;
            rows.Add((kind, key, body));
        }

        return rows;
    }

    public SortedRun Write(IEnumerable<(StateRowKind Kind, UInt128 Key, byte[] Body)> rows)
    {
        var ordered = rows.OrderBy(row => RowPosition.Of(row.Kind, row.Key)).ToList();
        var writer = new RunWriter(Database, _insert, RunWriter.NextNumber(Database), ordered.Count);
        foreach (var (kind, key, body) in ordered) writer.Add(new StateRow(kind, key, body));
        return writer.Finish();
    }

    /// <summary>The row's body where a reader would find it in the run; null where there is none.</summary>
    public byte[]? Find(SortedRun run, StateRowKind kind, UInt128 key)
    {
        var place = run.Find(kind, key);
        if (place < 0 || Database.Query("SELECT rows FROM run_blocks WHERE place = ?", row => row.Blob(0).ToArray(), place) is not [var block]) return null;
        return RunBlock.TryFind(block, kind, key, out var body) ? body.ToArray() : null;
    }

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }
}
