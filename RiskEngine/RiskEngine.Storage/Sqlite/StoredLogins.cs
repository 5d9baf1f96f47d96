using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Goes through the judged events of a store file in the order in which they were stored, without writing to it.</summary>
/// <remarks>
/// Takes no lock that a server would miss: it reads one state of the file, that of its opening, while a server writes the next ones to the log.
/// Used by one thread; disposing of it ends the reading.
/// </remarks>
public sealed class StoredLogins : IStoredLogins
{
    /// <summary>Events of at least low risk from a number on: two indexes side by side, neither of which holds a login that is usual. In a file of before one of them is not there.</summary>
    internal const string SelectRisky =
        "SELECT subject, body, seq FROM events WHERE seq >= ?1 AND level = 1 UNION ALL SELECT subject, body, seq FROM events WHERE seq >= ?1 AND level >= 2 ORDER BY 3";

    private readonly SqliteDatabase _database;
    private readonly StoredEventCodec _codec;
    private readonly Dictionary<ulong, uint> _firstLogins = [];

    private StoredLogins(SqliteDatabase database)
    {
        _database = database;
        _database.Execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; BEGIN");
        Newest = new EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'"));
        var texts = new TextTable();
        texts.Reset(database.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray()));
        _codec = new StoredEventCodec(texts);
    }

    public EventTime Newest { get; }

    public long Damaged { get; private set; }

    /// <summary>Opens a file that a server may be using.</summary>
    /// <exception cref="StateStoreException">There is none, or it is no store that this build can read.</exception>
    public static StoredLogins Open(string path)
    {
        SqliteDatabase? database = null;
        try
        {
            database = SqliteFileCheck.OpenReadable(path);
            return new StoredLogins(database);
        }
        catch (SqliteFailureException exception)
        {
            database?.Dispose();
            throw Failure(exception);
        }
    }

    public void Read(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation)
    {
        try
        {
            ReadProfiles();
            Read(since, "SELECT subject, body FROM events WHERE seq >= ? ORDER BY seq", judgedOnly: true, take, cancellation);
        }
        catch (SqliteFailureException exception)
        {
            throw Failure(exception);
        }
    }

    public void ReadRisky(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation) =>
        ReadWithoutProfiles(since, SelectRisky, judgedOnly: true, take, cancellation);

    public void ReadAll(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation) =>
        ReadWithoutProfiles(since, "SELECT subject, body FROM events WHERE seq >= ? ORDER BY seq", judgedOnly: false, take, cancellation);

    public IReadOnlyList<StoredWord> Words()
    {
        try
        {
            return _database.Query(
                "SELECT tenant, event_id, label, who FROM feedback WHERE id IN (SELECT max(id) FROM feedback GROUP BY tenant, event_id) ORDER BY id",
                row => new StoredWord(row.Text(0), row.Text(1), (FeedbackLabel)row.Integer(2), row.Text(3)));
        }
        catch (SqliteFailureException exception)
        {
            throw Failure(exception);
        }
    }

    public KeyedHash Hash() => _database.Query("SELECT value FROM meta WHERE name = 'hash_key'", row => row.Blob(0).ToArray()) is [{ Length: 16 } key]
        ? new KeyedHash(key)
        : throw new StateStoreException("The key of the store's hashes is missing. Restore a backup.");

    public void Dispose() => _database.Dispose();

    private void ReadWithoutProfiles(EventTime? since, string query, bool judgedOnly, Action<StoredLogin> take, CancellationToken cancellation)
    {
        try
        {
            Read(since, query, judgedOnly, take, cancellation);
        }
        catch (SqliteFailureException exception)
        {
            throw Failure(exception);
        }
    }

    private void Read(EventTime? since, string query, bool judgedOnly, Action<StoredLogin> take, CancellationToken cancellation)
    {
        var first = since is { } time
            ? _database.Number("SELECT coalesce((SELECT first_seq FROM days WHERE day >= ? ORDER BY day LIMIT 1), (SELECT max(seq) + 1 FROM events))", EventIdWindow.DayOf(time))
            : 0;
        var login = new StoredLogin();
        using var rows = _database.Once(query, first);
        while (rows.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryRead(rows.Blob(1), login, judgedOnly) || login.Event.OccurredAt < since) continue;
            login.Subject = rows.Bits(0);
            login.FirstLogin = _firstLogins.GetValueOrDefault(login.Subject);
            take(login);
        }
    }

    private static StateStoreException Failure(SqliteFailureException exception) => new($"Reading from the store failed. {exception.Message}", exception);

    private bool TryRead(ReadOnlySpan<byte> body, StoredLogin into, bool judgedOnly)
    {
        try
        {
            return _codec.TryRead(body, into, judgedOnly);
        }
        catch (FormatException)
        {
            Damaged++;
            return false;
        }
    }

    /// <summary>When each subject first logged in: the profiles, and those in runs and the journal that are newer.</summary>
    private void ReadProfiles()
    {
        using var profiles = _database.Once("SELECT id, body FROM profiles");
        while (profiles.Step()) Note(profiles.Bits(0), profiles.Blob(1));
        ReadRows("runs", "SELECT rows FROM run_blocks WHERE place >> 24 IN (SELECT number FROM runs) ORDER BY place");
        ReadRows("journal", "SELECT body FROM journal ORDER BY number");
    }

    /// <summary>Reads rows from a table that older stores do not have.</summary>
    private void ReadRows(string table, string sql)
    {
        if (_database.Number("SELECT count(*) FROM sqlite_schema WHERE name = ?", table) == 0) return;
        using var units = _database.Once(sql);
        while (units.Step()) Note(units.Blob(0));
    }

    private void Note(ReadOnlySpan<byte> unit)
    {
        try
        {
            var rows = new ByteReader(unit);
            while (!rows.IsAtEnd)
            {
                var row = StateRow.Read(ref rows);
                if (row.Kind == StateRowKind.Profile) Note((ulong)row.Key, row.Body);
            }
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new StateStoreException("The journal of rows is damaged: a row ends too early. Restore a backup.", exception);
        }
    }

    private void Note(ulong subject, ReadOnlySpan<byte> profile)
    {
        if (PackedProfile.FirstLogin(profile) is var first && first != 0) _firstLogins[subject] = first;
    }
}
