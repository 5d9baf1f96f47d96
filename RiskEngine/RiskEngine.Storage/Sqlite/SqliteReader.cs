using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>A connection that reads rows of state and records, with its statements prepared.</summary>
/// <remarks>Used by one thread at a time; <see cref="SqliteReaders"/> lends it. Each read sees the newest durable state.</remarks>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _profile;
    private readonly SqliteStatement _reputation;
    private readonly SqliteStatement _pair;
    private readonly SqliteStatement _skeleton;

    public SqliteReader(SqliteFile file)
    {
        Database = file.OpenReader();
        _begin = Database.Prepare("BEGIN");
        _end = Database.Prepare("COMMIT");
        _profile = Database.Prepare("SELECT body FROM profiles WHERE id = ? AND high = ?");
        _reputation = Database.Prepare("SELECT body FROM reputation WHERE low = ? AND high = ?");
        _pair = Database.Prepare("SELECT body FROM pairs WHERE id = ? AND high = ?");
        _skeleton = Database.Prepare("SELECT body FROM skeletons WHERE id = ? AND high = ?");
        EventIndex = new EventIndexReader(Database);
    }

    public SqliteDatabase Database { get; }

    public EventIndexReader EventIndex { get; }

    /// <summary>Makes what follows see one state, from the first read on, until <see cref="EndSnapshot"/>.</summary>
    public void BeginSnapshot() => _begin.Run();

    public void EndSnapshot() => _end.Run();

    /// <summary>Copies a stored profile into the room given and returns its length; 0 where there is none that this build understands.</summary>
    public int ReadProfile(UInt128 key, Span<byte> room)
    {
        var length = 0;
        if (Seek(_profile, key) && SubjectProfile.TryRestore(_profile.Blob(0), room)) length = new SubjectProfile(room).UsedLength;

        _profile.Reset();
        return length;
    }

    public bool TryReadReputation(UInt128 key, out ReputationRow row) => TryRead(_reputation, key, out row);

    public bool TryReadPair(UInt128 key, out PairRow row) => TryRead(_pair, key, out row);

    public bool TryReadSkeleton(UInt128 key, out SkeletonRow row) => TryRead(_skeleton, key, out row);

    public List<(BlockList List, Block Block, BlockKey Key)> ReadBlocks() => Database.Query(
        "SELECT list, key, prefix_length, id, scope, value, tenant, reason, origin, owner, created_at, until, enforced, event_id FROM blocks ORDER BY id",
        row => ((BlockList)row.Integer(0), ReadBlock(row), new BlockKey(BinaryPrimitives.ReadUInt128BigEndian(row.Blob(1)), (int)row.Integer(2))));

    /// <summary>The first event after the watermark had reached that day or a later one; one more than the newest where it never did.</summary>
    public long FirstSeqOfDay(long day) => Database.Number(
        "SELECT coalesce((SELECT first_seq FROM days WHERE day >= ? ORDER BY day LIMIT 1), (SELECT max(seq) + 1 FROM events))", day);

    public byte[] ReadHashKey() => SqliteFile.ReadHashKey(Database);

    public EventTime ReadWatermark() => new(Database.Number("SELECT value FROM meta WHERE name = 'watermark'"));

    /// <summary>What the judge carries; empty where it never did.</summary>
    public byte[] ReadCarried() => Database.Query("SELECT value FROM meta WHERE name = 'carried'", row => row.Blob(0).ToArray()) is [var value] ? value : [];

    /// <summary>Where administrators were seen, see <see cref="Records.OperatorCodec"/>; empty where nobody was.</summary>
    public byte[] ReadOperators() => Database.Query("SELECT value FROM meta WHERE name = 'operators'", row => row.Blob(0).ToArray()) is [var value] ? value : [];

    public List<byte[]> ReadTexts() => Database.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray());

    /// <summary>The highest id ever given out.</summary>
    public long ReadLastBlockId() => Database.Number("SELECT seq FROM sqlite_sequence WHERE name = 'blocks'");

    /// <summary>Hands out the rows of each unit of work in the journal, oldest first.</summary>
    public void ReadJournal(Action<ReadOnlySpan<byte>> read)
    {
        using var units = Database.Once("SELECT body FROM journal ORDER BY number");
        while (units.Step()) read(units.Blob(0));
    }

    public void ReadNames(StateTables into)
    {
        using var cells = Database.Once("SELECT cell, body FROM names");
        lock (into.Gate)
        {
            while (cells.Step())
            {
                if (cells.TryRow<NameRow>(1, out var row)) into.Names.Put((UInt128)(ulong)cells.Integer(0), row);
            }
        }
    }

    public IReadOnlyList<AuditRecord> ReadAudit(long after, int limit)
    {
        var table = new AuditTable(Database);
        return [.. table.Rows(after).Take(limit).Select(table.Tell)];
    }

    /// <exception cref="FormatException">An end of the chain was changed from outside.</exception>
    public AuditEnds ReadAuditEnds() => new AuditTable(Database).Ends() is ({ } anchor, { } head)
        ? new AuditEnds(anchor, head)
        : throw new FormatException("The ends of the audit were changed from outside; 'riskengine export audit --verify' tells more.");

    public IReadOnlyList<ApiKey> ReadKeys() => Database.Query(
        "SELECT name, sha256, scopes, created_at, until FROM keys ORDER BY name",
        row => new ApiKey(
            row.Text(0),
            row.Blob(1).ToArray(),
            row.Text(2).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new EventTime(row.Integer(3)),
            row.IsNull(4) ? null : new EventTime(row.Integer(4))));

    public string? ReadCursor(string source) => Database.Query("SELECT cursor FROM cursors WHERE source = ?", row => row.Text(0), source).FirstOrDefault();

    public StoreStatistics ReadStatistics(IReadOnlyDictionary<string, long> evictions) => new(
        Database.Number("SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM events"),
        Database.Number("SELECT value FROM meta WHERE name = 'profiles'"),
        Database.Number("SELECT value FROM meta WHERE name = 'reputation'"),
        Database.Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
        evictions);

    public void Dispose() => Database.Dispose();

    private static bool Seek(SqliteStatement statement, UInt128 key) => statement.Bind(1, (ulong)key).Bind(2, (ulong)(key >> 64)).Step();

    private static bool TryRead<TRow>(SqliteStatement statement, UInt128 key, out TRow row)
        where TRow : struct
    {
        row = default;
        var found = Seek(statement, key) && statement.TryRow(0, out row);
        statement.Reset();
        return found;
    }

    private static Block ReadBlock(SqliteStatement row) => new()
    {
        Id = row.Integer(3),
        Scope = (BlockScope)row.Integer(4),
        Value = row.Text(5),
        Tenant = row.Text(6),
        Reason = row.Text(7),
        Origin = (BlockOrigin)row.Integer(8),
        Owner = row.Text(9),
        CreatedAt = new EventTime(row.Integer(10)),
        Until = row.IsNull(11) ? null : new EventTime(row.Integer(11)),
        Enforced = row.Integer(12) != 0,
        EventId = row.Text(13),
    };
}
