using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>Takes a store back to what the first version of the schema would have made of it, to be migrated again. All of its rows must be in their tables.</summary>
internal static class FirstVersion
{
    public static void Restore(string path)
    {
        using var database = SqliteDatabase.OpenForWriting(path);
        database.Execute(
            """
            DROP TABLE journal;
            DROP TABLE skeletons;
            DELETE FROM meta WHERE name IN ('profiles', 'reputation', 'probe');
            DROP TABLE event_index;
            CREATE INDEX events_by_id ON events (seq >> 16, event_hash);
            CREATE INDEX events_by_subject ON events (seq >> 16, subject);
            CREATE INDEX events_by_address ON events (seq >> 16, address);
            PRAGMA user_version = 1;
            """);
    }
}
