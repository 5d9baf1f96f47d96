using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>How far a rotation has come: what is named is done.</summary>
public enum RotationStep
{
    Copied,
    Hashed,
    Packed,
    Emptied,
    Replaced,
}

/// <summary>Gives a store that nobody serves a new secret for its hashes.</summary>
/// <remarks>
/// <para>
/// A copy of the file is hashed anew, packed into a second file in which nothing deleted is left, and that takes the place of the old one by one renaming.
/// So a crash leaves the old state or the new one, and perhaps copies, which the next opening of the store removes. Nothing of the old secret is in the new
/// file. What the disk keeps of the blocks of the old file, and other copies of it, are beyond this.
/// </para>
/// <para>See docs/decisions/0022 for what can be hashed anew and what is lost.</para>
/// </remarks>
public static class HashSecretRotation
{
    /// <summary>Room that has to be free, as multiples of the length of the file: two copies, and what the second grows by.</summary>
    private const double RoomNeeded = 2.3;

    /// <param name="path">The store.</param>
    /// <param name="apply">False to do it on a copy only, and tell what came out.</param>
    /// <param name="who">Who asked, for the audit.</param>
    /// <param name="onStep">Called after each step; what it throws ends the rotation there.</param>
    /// <exception cref="StateStoreException">It cannot be done; the store is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the store is as it was.</exception>
    public static RotationReport Run(string path, bool apply, string who, TimeProvider time, Action<RotationStep>? onStep, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        SqliteFileCheck.CheckReadable(path);
        using var file = SqliteFile.Open(path);
        file.EndOpening();
        try
        {
            WorkCopy.CheckRoom(path, RoomNeeded);
            WorkCopy.Make(path);
            onStep?.Invoke(RotationStep.Copied);
            var report = Hash(path, new AuditEntry(0, EventTime.From(time.GetUtcNow()), who, "hash_secret.rotate", "", ""), cancellation);
            onStep?.Invoke(RotationStep.Hashed);
            if (!apply) return report;
            Pack(SqliteFile.WorkPath(path), SqliteFile.MakingPath(path));
            onStep?.Invoke(RotationStep.Packed);
            EmptyLog(path);
            onStep?.Invoke(RotationStep.Emptied);
            File.Move(SqliteFile.MakingPath(path), path, overwrite: true);
            onStep?.Invoke(RotationStep.Replaced);
            return report;
        }
        catch (Exception failure) when (failure is SqliteFailureException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException($"The secret of the store {path} was not changed: {failure.Message}. The store is as it was.", failure);
        }
        finally
        {
            SqliteFile.RemoveCopies(path);
        }
    }

    /// <summary>Hashes the copy anew, all in one transaction.</summary>
    private static RotationReport Hash(string path, AuditEntry entry, CancellationToken cancellation)
    {
        using var database = WorkCopy.Open(path);
        var before = new KeyedHash(SqliteFile.ReadHashKey(database));
        var secret = RandomNumberGenerator.GetBytes(16);
        var count = new RotationCount();
        new StateMerge(database).Run();
        new RowRekeyer(database, before, new KeyedHash(secret), count, cancellation).Run();
        database.Execute("UPDATE meta SET value = ? WHERE name = 'hash_key'", secret);
        database.Execute("DELETE FROM event_index");
        _ = new EventIndexWriter(database);
        var report = count.Report();
        new AuditTable(database).Append(entry with { Detail = report.ToString() });
        database.Execute("COMMIT");
        return report;
    }

    private static void Pack(string from, string to)
    {
        SqliteFile.OpenPrivate(to, FileMode.Create).Dispose();
        using (var database = SqliteDatabase.OpenForReading(from)) database.Execute("VACUUM INTO ?", to);
        // SQLite does not wait for the disk here (sqlite.org/lang_vacuum.html, section 4).
        using var written = new FileStream(to, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        written.Flush(flushToDisk: true);
    }

    /// <summary>Carries the log of the old file over and removes it: left beside the new file it would be taken for that one's.</summary>
    private static void EmptyLog(string path)
    {
        using (var database = SqliteDatabase.OpenForWriting(path))
        {
            if (database.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) throw new IOException("somebody reads it; wait until that is over, and come again");
        }

        if (File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0) throw new IOException("its log could not be removed; end whoever has it open, and come again");
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }
}
