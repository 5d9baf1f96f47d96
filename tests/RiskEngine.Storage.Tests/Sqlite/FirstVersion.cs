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
            DROP TABLE runs;
            DROP TABLE run_blocks;
            DROP TABLE audit;
            DROP TABLE subject_keys;
            DROP TABLE erasures;
            DROP TABLE wiping;
            DROP INDEX feedback_by_event;
            ALTER TABLE feedback DROP COLUMN subject;
            CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL);
            CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
            CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
            DELETE FROM meta WHERE name IN ('profiles', 'reputation', 'probe', 'audit_key', 'audit_head', 'audit_anchor');
            DROP TABLE event_index;
            CREATE INDEX events_by_id ON events (seq >> 16, event_hash);
            CREATE INDEX events_by_subject ON events (seq >> 16, subject);
            CREATE INDEX events_by_address ON events (seq >> 16, address);
            DROP TABLE outbox;
            DROP TABLE outbox_once;
            DROP TABLE challenges;
            DROP TABLE login_days;
            PRAGMA user_version = 1;
            """);
    }
}
