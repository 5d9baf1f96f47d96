using RiskEngine.Core.Events;
using RiskEngine.Storage.Sqlite.Challenges;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The writer's connection with all it has prepared. After a failure it is thrown away and another one opened.</summary>
internal sealed class SqliteSession : IDisposable
{
    private SqliteSession(SqliteDatabase database, SqliteFile file, KeyedHash hash, SortedRuns runs, SqliteStoreSettings settings)
    {
        (Database, Hash) = (database, hash);
        Journal = new StateJournal(database, file.OpenReader, runs, settings.JournalLength, settings.SmallestRun);
        Changes = new ChangeWriter(database);
        Records = new RecordWriter(database);
        Outbox = new OutboxTable(database, hash, settings.OutboxCapacity);
        Challenges = new ChallengeTable(database);
    }

    public static SqliteSession Open(SqliteFile file, KeyedHash hash, SortedRuns runs, SqliteStoreSettings settings)
    {
        var database = file.OpenWriter();
        try
        {
            settings.WriterOpened?.Invoke(database);
            return new SqliteSession(database, file, hash, runs, settings);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public SqliteDatabase Database { get; }

    /// <summary>Gets the secret under which subjects are hashed.</summary>
    public KeyedHash Hash { get; }

    public ChangeWriter Changes { get; }

    public StateJournal Journal { get; }

    public RecordWriter Records { get; }

    public OutboxTable Outbox { get; }

    public ChallengeTable Challenges { get; }

    public void Begin() => Database.Execute("BEGIN IMMEDIATE");

    /// <summary>Changes a row that nobody reads: a transaction that changes nothing writes nothing, and tells nothing of the disk.</summary>
    public void Probe() => Database.Execute("REPLACE INTO meta (name, value) VALUES ('probe', 1 + coalesce((SELECT value FROM meta WHERE name = 'probe'), 0))");

    /// <summary>Ends the transaction; it is on the disk when this returns.</summary>
    public void Commit()
    {
        Database.Execute("COMMIT");
        Journal.NoteCommitted();
    }

    public void Dispose()
    {
        Journal.Dispose();
        Database.Dispose();
    }
}
