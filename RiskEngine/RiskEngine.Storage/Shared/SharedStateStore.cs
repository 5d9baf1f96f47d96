using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.PostgreSql.Migrations;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared.Rotation;

namespace RiskEngine.Storage.Shared;

/// <summary>Keeps everything in PostgreSQL, where any number of replicas share it, with copies of rows in Redis: the shared store.</summary>
/// <remarks>
/// <para>
/// <b>Commit.</b> One transaction of PostgreSQL takes all of a unit of work, or none. It locks the one row of the head, so that commits have an order, reads what others
/// appended to the journal, and compares the version of every row that it changes with the one that was judged by. Where another replica was faster, nothing is written and the commit
/// fails as a conflict (<see cref="StateStoreException.IsConflict"/>): load and judge again. So nothing is lost, and nothing counted twice, whatever dies when. Changed rows are appended
/// to the journal as one value, and carried over into their table later (<see cref="JournalCarrier"/>).
/// </para>
/// <para>
/// <b>Load.</b> What the journal has is in memory (<see cref="JournalRows"/>); other rows come from Redis, those that are not there from their table. What this replica is about to store counts already, so it judges the next unit meanwhile; where that fails, so does what was
/// judged by it. A load waits for the commits of this replica that are on their way; a question does not, and looks for no repeats.
/// </para>
/// <para><b>Failure.</b> Without Redis everything works, slower. Without PostgreSQL nothing can be stored; questions are answered from what Redis has.</para>
/// </remarks>
public sealed partial class SharedStateStore : IStateStore, IRecordStore
{
    private readonly PgDatabase _database;
    private readonly RedisRows? _redis;
    private readonly RowCopies _copies;
    private readonly SharedStoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly SharedLists _lists = new();
    private readonly StoredEventCodec _codec = new(new TextTable(capacity: 0));
    private readonly PgEvents _events;
    private readonly SharedOutbox _outbox;
    private readonly SharedChallenges _challenges;
    private readonly SharedEraser _eraser;
    private readonly SharedWatch _watch;
    private readonly PgLease _opened;
    private readonly long _turned;
    private readonly Lock _gate = new();
    private readonly string _replica = Guid.NewGuid().ToString("n");
    private readonly List<CommitPlan> _underway = [];
    private Task _stored = Task.CompletedTask;
    private PgHead _head;
    private long _commits, _taken;
    private int _isClosed;

    private SharedStateStore(SharedStoreSettings settings, PgDatabase database, RedisRows? redis, KeyedHash hash, PgHead head, PgLease opened, StoreMeter meter, TimeProvider time)
    {
        (_settings, _database, _redis, _head, _turned, _opened, _time) = (settings, database, redis, head, head.Turned, opened, time);
        (Hash, Meter) = (hash, meter);
        meter.WaitingNow = () => Journal.Bytes;
        _copies = new RowCopies(redis);
        _events = new PgEvents(_codec, hash);
        Feed = new SharedFeed(database, _codec);
        ChallengeFeed = new SharedChallengeFeed(database, settings.Timeout, TimeProvider.System);
        Lease = new PgLease(database, PgLease.Leader, settings.Lease, TimeProvider.System);
        PollLease = new PgLease(database, PgLease.Poller, settings.Lease, TimeProvider.System);
        _outbox = new SharedOutbox(this, new PgOutbox(hash, settings.OutboxCapacity), settings.MayLead ? Lease : null);
        _challenges = new SharedChallenges(database);
        _eraser = new SharedEraser(this, _events);
        _watch = new SharedWatch(this);
        Carrier = new JournalCarrier(this);
    }

    public KeyedHash Hash { get; }

    public BlockTable Blocks => _lists.Register.Blocks;

    public BlockTable AllowList => _lists.Register.AllowList;

    public IOutbox Outbox => _outbox;

    /// <summary>Gets what the store did and how long it took.</summary>
    public StoreMeter Meter { get; }

    /// <summary>Gets whether this replica delivers, carries rows over and tidies up for all.</summary>
    public bool IsLeader => _settings.MayLead && Lease.IsHeld;

    /// <summary>Gets whether this replica polls for all: often the one that leads, and another one where roles are divided.</summary>
    public bool IsPoller => _settings.MayPoll && PollLease.IsHeld;

    /// <summary>Gets whether rows are read from PostgreSQL because copies in Redis do not count.</summary>
    public bool IsWithoutCopies => _copies.IsStale;

    /// <summary>Gets what all replicas stored, for whoever follows it.</summary>
    public SharedFeed Feed { get; }

    /// <summary>Gets what replicas tell each other of challenges.</summary>
    public SharedChallengeFeed ChallengeFeed { get; }

    internal PgLease Lease { get; }

    internal PgLease PollLease { get; }

    /// <summary>Gets what this program may be the one for, and first what says that it has the store open.</summary>
    internal IEnumerable<PgLease> Leases => [_opened, .. _settings.MayLead ? (PgLease[])[Lease] : [], .. _settings.MayPoll ? (PgLease[])[PollLease] : []];

    internal PgDatabase Database => _database;

    internal SharedLists Lists => _lists;

    internal JournalRows Journal { get; } = new();

    internal JournalCarrier Carrier { get; }

    internal SeenEvents Seen { get; } = new();

    /// <summary>Gets how long ago what others stored was taken last.</summary>
    internal TimeSpan SinceTaken => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _taken));

    internal RowCopies Copies => _copies;

    internal SharedStoreSettings Settings => _settings;

    internal TimeProvider Time => _time;

    internal EventTime Now => EventTime.From(_time.GetUtcNow());

    internal PgHead Head => Volatile.Read(ref _head);

    /// <summary>Opens the store, making its tables where there are none. Redis need not be there.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be used, its tables are of a newer program, or the secret of its hashes is being turned; they are as they were.</exception>
    public static async Task<SharedStateStore> OpenAsync(SharedStoreSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var meter = new StoreMeter("shared", time);
        var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
        RedisRows? redis = null;
        try
        {
            await PgMigration.RunAsync(database, cancellationToken);
            var opened = PgLease.OfOpened(database, settings.Lease, TimeProvider.System);
            var (key, id, head) = await database.ChangeAsync(
                async session =>
                {
                    await TurnGate.EnterAsync(session, opened);
                    await Moving.MigrationMark.RefuseHalfAsync(session);
                    return (await PgRecords.MetaAsync(session, "hash_key"), await PgRecords.MetaAsync(session, "store_id"), (await session.QueryAsync(PgHead.Select, PgHead.Read))[0]);
                },
                cancellationToken);
            if (settings.Redis.Endpoints.Count > 0) redis = await RedisRows.ConnectAsync(settings.Redis, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id), meter);
            var store = new SharedStateStore(settings, database, redis, new KeyedHash(key), head, opened, meter, time);
            store.Seen.Begin(head);
            await database.ReadAsync(
                async session =>
                {
                    await store.TakeAsync(session);
                    await store._lists.ReadAsync(session);
                    return true;
                },
                cancellationToken);
            await store._watch.StartAsync(redis, cancellationToken);
            return store;
        }
        catch
        {
            if (redis is not null) await redis.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Carries everything that waits in the journal over into its table, as the leader does by itself now and then.</summary>
    /// <exception cref="StateStoreException">PostgreSQL does not take it; it stays in the journal.</exception>
    public Task CarryOverAsync() => Carrier.CarryAsync();

    /// <summary>Waits for commits on their way, gives up the lead and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        await StoredAsync();
        await _watch.DisposeAsync();
        _eraser.Dispose();
        Carrier.Dispose();
        if (_redis is not null) await _redis.DisposeAsync();
        await _database.DisposeAsync();
    }
}
