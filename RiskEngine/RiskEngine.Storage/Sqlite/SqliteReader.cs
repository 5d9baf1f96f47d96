using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.EventIndex;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>A connection that reads rows of state and records, with its statements prepared.</summary>
/// <remarks>Used by one thread at a time; <see cref="SqliteReaders"/> lends it. Each read sees the newest durable state.</remarks>
internal sealed class SqliteReader : IDisposable
{
    /// <summary>How many events are stored. Both ends in one SELECT would read the whole table: SQLite goes straight to an end only where nothing else is asked for.</summary>
    internal const string CountEvents = "SELECT coalesce((SELECT max(seq) FROM events) - (SELECT min(seq) FROM events) + 1, 0)";

    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _block;
    private readonly SqliteStatement?[] _rows;
    private readonly SortedRuns _runs;
    private readonly byte[] _row = new byte[PackedProfile.MaxLength];
    private SortedRun[]? _runsOfSnapshot;

    /// <param name="database">A connection to read with, which belongs to this from then on.</param>
    /// <param name="runs">The runs that count.</param>
    public SqliteReader(SqliteDatabase database, SortedRuns runs)
    {
        (Database, _runs) = (database, runs);
        _begin = Database.Prepare("BEGIN");
        _end = Database.Prepare("COMMIT");
        _block = Database.Prepare("SELECT rows FROM run_blocks WHERE place = ?");
        _rows = RowTables.Prepare(Database, kind => $"SELECT body FROM {RowTables.NameOf(kind)} WHERE {RowTables.LowColumnOf(kind)} = ? AND high = ?");
        EventIndex = new EventIndexReader(Database);
    }

    public SqliteDatabase Database { get; }

    public EventIndexReader EventIndex { get; }

    /// <summary>Makes what follows see one state, from the first read on, until <see cref="EndSnapshot"/>.</summary>
    public void BeginSnapshot()
    {
        // The list first: the snapshot must not be older.
        _runsOfSnapshot = _runs.Current;
        _begin.Run();
    }

    public void EndSnapshot()
    {
        _end.Run();
        _runsOfSnapshot = null;
    }

    /// <summary>Copies a stored profile into the room given and returns its length; 0 where there is none that this build understands.</summary>
    public int ReadProfile(UInt128 key, Span<byte> room) =>
        PackedProfile.TryRead(Read(StateRowKind.Profile, key), room) ? new SubjectProfile(room).UsedLength : 0;

    /// <summary>Reads a row of one size; false where there is none, or one of a later build.</summary>
    public bool TryRead<TRow>(StateRowKind kind, UInt128 key, out TRow row)
        where TRow : struct => StoredRow.TryRead(Read(kind, key), out row);

    /// <summary>Whether anything of that kind is in runs or tables.</summary>
    public bool HasRows(StateRowKind kind) => _runs.Current.Length > 0 || Database.Number($"SELECT EXISTS (SELECT 1 FROM {RowTables.NameOf(kind)})") != 0;

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

    /// <summary>Where administrators were seen, see <see cref="OperatorCodec"/>; empty where nobody was.</summary>
    public byte[] ReadOperators() => Database.Query("SELECT value FROM meta WHERE name = 'operators'", row => row.Blob(0).ToArray()) is [var value] ? value : [];

    public List<byte[]> ReadTexts() => Database.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray());

    /// <summary>The highest id ever given out.</summary>
    public long ReadLastBlockId() => Database.Number("SELECT seq FROM sqlite_sequence WHERE name = 'blocks'");

    /// <summary>Hands out the rows of each unit of work in the journal, newest first.</summary>
    public void ReadJournal(Action<ReadOnlySpan<byte>> read)
    {
        using var units = Database.Once("SELECT body FROM journal ORDER BY number DESC");
        while (units.Step()) read(units.Blob(0));
    }

    /// <summary>Hands out the rows of each block of each run, those of older runs first.</summary>
    public void ReadRuns(Action<ReadOnlySpan<byte>> read)
    {
        using var blocks = Database.Once("SELECT rows FROM run_blocks ORDER BY place");
        while (blocks.Step()) read(blocks.Blob(0));
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

    /// <summary>The last word on each of those events.</summary>
    public IReadOnlyDictionary<string, Feedback> ReadFeedback(string tenant, IReadOnlyCollection<string> eventIds)
    {
        Dictionary<string, Feedback> found = [];
        foreach (var id in eventIds)
        {
            var last = Database.Query(
                "SELECT label, note, who, at FROM feedback WHERE event_id = ? AND tenant = ? ORDER BY id DESC LIMIT 1",
                row => new Feedback(tenant, id, (FeedbackLabel)row.Integer(0), row.Text(1), row.Text(2), new EventTime(row.Integer(3))),
                id, tenant);
            if (last is [var said]) found[id] = said;
        }

        return found;
    }

    /// <summary>Events of a subject that were ever called compromised, and whether they still are.</summary>
    public IReadOnlyList<CompromisedEvent> ReadCompromised(string tenant, UInt128 subject) => Database.Query(
        """
        SELECT event_id, (SELECT label FROM feedback AS last WHERE last.event_id = word.event_id AND last.tenant = word.tenant ORDER BY id DESC LIMIT 1)
        FROM feedback AS word WHERE subject = ? AND tenant = ? AND label = ? GROUP BY event_id ORDER BY max(id) DESC LIMIT ?
        """,
        row => new CompromisedEvent(row.Text(0), (FeedbackLabel)row.Integer(1) == FeedbackLabel.Compromised),
        RecordWriter.BytesOf(subject), tenant, (int)FeedbackLabel.Compromised, CompromisedEvent.Most);

    public string? ReadCursor(string source) => Database.Query("SELECT cursor FROM cursors WHERE source = ?", row => row.Text(0), source).FirstOrDefault();

    public StoreStatistics ReadStatistics(IReadOnlyDictionary<string, long> evictions) => new(
        Database.Number(CountEvents),
        Database.Number("SELECT value FROM meta WHERE name = 'profiles'"),
        Database.Number("SELECT value FROM meta WHERE name = 'reputation'"),
        Database.Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
        evictions);

    public void Dispose() => Database.Dispose();

    /// <summary>A row of state from the newest run that has it, or else from its table; empty where there is none. Good until the next one is read.</summary>
    private ReadOnlySpan<byte> Read(StateRowKind kind, UInt128 key)
    {
        foreach (var run in _runsOfSnapshot ?? _runs.Current)
        {
            var place = run.Find(kind, key);
            if (place < 0) continue;
            ReadOnlySpan<byte> found = [];
            if (_block.Bind(1, place).Step() && RunBlock.TryFind(_block.Blob(0), kind, key, out var body)) found = Keep(body);
            _block.Reset();
            if (!found.IsEmpty) return found;
        }

        var statement = _rows[(int)kind]!;
        var stored = statement.Bind(1, (ulong)key).Bind(2, (ulong)(key >> 64)).Step() ? Keep(statement.Blob(0)) : [];
        statement.Reset();
        return stored;
    }

    /// <summary>A copy; nothing where it is longer than any row of this build.</summary>
    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> body)
    {
        if (body.Length > _row.Length) return [];
        body.CopyTo(_row);
        return _row.AsSpan(0, body.Length);
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
        Enforced = (row.Integer(12) & 1) != 0,
        IsHint = (row.Integer(12) & 2) != 0,
        EventId = row.Text(13),
    };
}
