using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>The judged events of a shared store, for whoever looks back: asks PostgreSQL a slice at a time and changes nothing.</summary>
/// <remarks>Who is erased while it reads is left out from then on. Nothing here needs a session, so a pooler may stand in between.</remarks>
public sealed class SharedLogins : IStoredLogins
{
    private const string SelectProfiles = "SELECT key, body FROM state_rows WHERE kind = $1 AND ($2::uuid IS NULL OR key > $2) ORDER BY key LIMIT $3";

    private readonly PgDatabase _database;
    private readonly StoredEventCodec _codec = new(new TextTable(capacity: 0));
    private readonly Dictionary<ulong, uint> _firstLogins = [];
    private readonly PgHead _head;

    private SharedLogins(PgDatabase database, PgHead head) => (_database, _head) = (database, head);

    public EventTime Newest => _head.Watermark;

    public long Damaged { get; private set; }

    /// <summary>Opens a store that servers may be using.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be reached, or holds no store that this build can read.</exception>
    public static SharedLogins Open(SharedStoreSettings settings)
    {
        var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
        try
        {
            return new SharedLogins(database, Wait(SharedTables.HeadAsync(database, CancellationToken.None)));
        }
        catch
        {
            Wait(database.DisposeAsync().AsTask());
            throw;
        }
    }

    public void Read(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation)
    {
        Wait(ReadProfilesAsync(cancellation));
        Wait(ReadAsync(since, RiskLevel.None, judgedOnly: true, take, cancellation));
    }

    public void ReadRisky(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation) => Wait(ReadAsync(since, RiskLevel.Low, judgedOnly: true, take, cancellation));

    public void ReadAll(EventTime? since, Action<StoredLogin> take, CancellationToken cancellation) => Wait(ReadAsync(since, level: null, judgedOnly: false, take, cancellation));

    public IReadOnlyList<StoredWord> Words() => Wait(_database.ReadAsync(PgRecords.LastWordsAsync, CancellationToken.None));

    public KeyedHash Hash() => Wait(_database.ReadAsync(session => PgRecords.MetaAsync(session, "hash_key"), CancellationToken.None)) is { Length: 16 } key
        ? new KeyedHash(key)
        : throw new StateStoreException("The key of the store's hashes is missing. Restore a backup.");

    public void Dispose() => Wait(_database.DisposeAsync().AsTask());

    private async Task ReadAsync(EventTime? since, RiskLevel? level, bool judgedOnly, Action<StoredLogin> take, CancellationToken cancellation)
    {
        var login = new StoredLogin();
        var place = EventPlace.Before(since);
        while (true)
        {
            var from = place;
            var slice = await _database.ReadAsync(session => PgEventSlices.ReadAsync(session, from, _head.Seq, level), cancellation);
            foreach (var (at, subject, body) in slice)
            {
                place = at;
                if (!TryRead(body, login, judgedOnly) || login.Event.OccurredAt < since) continue;
                login.Subject = subject;
                login.FirstLogin = _firstLogins.GetValueOrDefault(subject);
                take(login);
            }

            if (slice.Count < PgEventSlices.Length) return;
        }
    }

    private bool TryRead(byte[] body, StoredLogin into, bool judgedOnly)
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

    /// <summary>When each subject first logged in, by the profiles.</summary>
    private async Task ReadProfilesAsync(CancellationToken cancellation)
    {
        for (Guid? after = null; ;)
        {
            var from = after;
            var slice = await _database.ReadAsync(
                session => session.QueryAsync(SelectProfiles, row => (Key: row.GetGuid(0), Body: row.GetFieldValue<byte[]>(1)), (short)StateRowKind.Profile, from, PgEventSlices.Length), cancellation);
            foreach (var (key, body) in slice)
            {
                after = key;
                if (PackedProfile.FirstLogin(body) is var first && first != 0) _firstLogins[(ulong)PgKey.From(key)] = first;
            }

            if (slice.Count < PgEventSlices.Length) return;
        }
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
