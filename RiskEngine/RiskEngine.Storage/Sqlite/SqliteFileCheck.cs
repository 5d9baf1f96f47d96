using System.Buffers.Binary;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Migrations;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Tells whether a file is a store that this build can write to, without writing to it.</summary>
/// <remarks>
/// The header is read first (marker, sizes, whose file, which version: the format's offsets 0, 16, 28, 60, 68), then SQLite reads the schema, and all
/// of a small file. What is refused stays as it was, byte for byte.
/// </remarks>
internal static class SqliteFileCheck
{
    /// <summary>Marks a file as ours: "RskE".</summary>
    public const int ApplicationId = 0x52736B45;

    /// <summary>Bytes up to which a file is checked page by page; a bigger one is checked where it is read.</summary>
    private const long WholeCheckLength = 32L << 20;

    private const int HeaderLength = 100;

    /// <exception cref="StateStoreException">What is there is no store of ours, or one that cannot be written to.</exception>
    public static void CheckOutside(string path)
    {
        if (Directory.Exists(path)) throw Refuse(path, "is a folder", "Name a file in it");
        if (!File.Exists(path) || new FileInfo(path).Length == 0) return;
        if (IsReadOnly(path)) throw Refuse(path, "is read-only", "Make it writable for this user, or name another file");
        CheckHeader(path, ReadHeader(path));
    }

    /// <summary>The same for a file that is only to be read: it has to be there, and need not be writable.</summary>
    /// <exception cref="StateStoreException">What is there is no store of ours, or of a newer version.</exception>
    public static void CheckReadable(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0) throw Refuse(path, "is not there, or empty", "Name the file of a store, as in store.path");
        CheckHeader(path, ReadHeader(path));
    }

    /// <summary>Opens a file only to read it. One that nobody has open may lie in a folder that cannot be written to, in which no log can be made.</summary>
    /// <exception cref="StateStoreException">What is there is no store of ours, or of a newer version.</exception>
    public static SqliteDatabase OpenReadable(string path)
    {
        path = Path.GetFullPath(path);
        CheckReadable(path);
        var database = SqliteDatabase.OpenForReading(path);
        try
        {
            database.Number("SELECT count(*) FROM sqlite_schema");
            return database;
        }
        catch (SqliteFailureException) when (!File.Exists(path + "-wal"))
        {
            database.Dispose();
            return SqliteDatabase.OpenUntouched(path);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Lets SQLite look at the file.</summary>
    /// <returns>
    /// Where there is a log, the connection that looked, to be kept until others are open: the last one to be closed forgets what is in the log, and the next
    /// one reads all of it again. Otherwise null.
    /// </returns>
    /// <exception cref="StateStoreException">It is damaged, or newer than this build.</exception>
    public static SqliteDatabase? CheckInside(string path)
    {
        SqliteDatabase? database = null;
        try
        {
            var hasLog = HasLog(path);
            database = hasLog ? SqliteDatabase.OpenForReading(path) : SqliteDatabase.OpenUntouched(path);
            CheckInside(path, database);
            if (hasLog) return database;
            database.Dispose();
            return null;
        }
        catch (Exception exception)
        {
            database?.Dispose();
            if (exception is SqliteFailureException) throw Damaged(path, exception.Message);
            throw;
        }
    }

    private static void CheckInside(string path, SqliteDatabase database)
    {
        // An upgrade may so far stand in the log only.
        CheckVersion(path, database.Number("PRAGMA user_version"));
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'events', 'profiles')") != 3) throw Damaged(path, "tables are missing");
        if (new FileInfo(path).Length > WholeCheckLength) return;
        var finding = database.Query("PRAGMA quick_check(1)", row => row.Text(0));
        if (finding is not ["ok"]) throw Damaged(path, string.Join("; ", finding));
    }

    private static byte[] ReadHeader(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var header = new byte[HeaderLength];
            return stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength ? header : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, $"cannot be read ({exception.Message})", "Check its rights");
        }
    }

    private static void CheckHeader(string path, ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || !header.StartsWith("SQLite format 3\0"u8)) throw Refuse(path, "is not a database", "Name another file, or move this one away for a new one to be made");
        if (BinaryPrimitives.ReadInt32BigEndian(header[68..]) != ApplicationId) throw Refuse(path, "is a database of another program", "Name another file");
        var version = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        CheckVersion(path, version);
        if (version < 1) throw Damaged(path, "it has no schema version");
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        if (pageSize != SqliteFile.PageSize) throw Damaged(path, $"its page size reads {pageSize}");
        // While a log of later changes lies beside it, a file may be shorter than its header says: the crash was in the middle of carrying pages over.
        var length = (long)BinaryPrimitives.ReadUInt32BigEndian(header[28..]) * pageSize;
        if (!HasLog(path) && new FileInfo(path).Length < length) throw Damaged(path, $"it was cut off: {new FileInfo(path).Length} of {length} bytes are there");
    }

    private static void CheckVersion(string path, long version)
    {
        if (version > Migration.Latest) throw Refuse(path, $"was written by a newer RiskEngine (schema {version}, this one knows {Migration.Latest})", "Start that version, or restore a backup made before the upgrade");
    }

    /// <summary>Whether the file says so itself: root may write to it all the same, but somebody meant it.</summary>
    private static bool IsReadOnly(string path) => OperatingSystem.IsWindows()
        ? File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly)
        : (File.GetUnixFileMode(path) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == UnixFileMode.None;

    private static bool HasLog(string path) => File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;

    private static StateStoreException Damaged(string path, string how) => Refuse(path, $"is damaged ({how})", "Restore a backup, or move it away for a new one to be made");

    private static StateStoreException Refuse(string path, string what, string whatToDo) => new($"The store {path} {what}. It was left as it is. {whatToDo}.");
}
