using System.Buffers.Binary;
using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Rotation;

namespace RiskEngine.Storage.Shared.Rotation;

/// <summary>Gives a shared store that nobody serves a new secret for its hashes.</summary>
/// <remarks>
/// <para>
/// Everything happens in one transaction of PostgreSQL, so whatever dies when, the old secret counts with all of its hashes, or the new one does. Tables that hold hashes are
/// written into new files. Copies in Redis are dropped before the end; those that could not be belong to an epoch that is over, and are read by nobody.
/// </para>
/// <para>
/// Servers are kept out meanwhile (<see cref="TurnGate"/>). One that was cut off for so long that it is not known any more finds at its next look at the head that
/// the secret was turned, and changes nothing.
/// </para>
/// <para>See docs/decisions/0022 for what can be hashed anew and what is lost.</para>
/// </remarks>
public sealed class SharedHashRotation
{
    /// <summary>How long one statement may take: a table is copied as a whole.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly SharedStoreSettings _settings;

    private SharedHashRotation(SharedStoreSettings settings) => _settings = settings;

    /// <summary>Looks whether there is a store that this program knows; nothing is locked yet.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be reached, or holds no such store.</exception>
    public static async Task<SharedHashRotation> OpenAsync(SharedStoreSettings settings, CancellationToken cancellation)
    {
        await using var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
        await SharedTables.HeadAsync(database, cancellation);
        return new SharedHashRotation(settings);
    }

    /// <param name="apply">False to do it and take it back, and tell what came out.</param>
    /// <param name="who">Who asked, for the audit.</param>
    /// <exception cref="StateStoreException">
    /// It cannot be done, or somebody has the store open; it is as it was. Only where PostgreSQL was lost at the last moment it may be done.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the store is as it was.</exception>
    public Task<RotationReport> RunAsync(bool apply, string who, TimeProvider time, CancellationToken cancellation) => RunAsync(apply, who, time, static () => Task.CompletedTask, cancellation);

    /// <summary>The same, for tests.</summary>
    /// <param name="atEnd">Called when all is done but the end of the transaction.</param>
    internal async Task<RotationReport> RunAsync(bool apply, string who, TimeProvider time, Func<Task> atEnd, CancellationToken cancellation)
    {
        await using var patient = new PgDatabase(_settings.ConnectionString, _settings.Password, Patience);
        var entry = new AuditEntry(0, EventTime.From(time.GetUtcNow()), who, "hash_secret.rotate", "", "");
        try
        {
            return await patient.ChangeAsync(
                async session =>
                {
                    var (report, was) = await TurnAsync(session, entry, cancellation);
                    if (!apply) throw new TakenBackException(report);
                    report = report with { HasCopiesLeft = !await TryForgetAsync(session, _settings.Redis, was.Epoch, time) };
                    await atEnd();
                    return report;
                },
                cancellation);
        }
        catch (TakenBackException look)
        {
            return look.Report;
        }
        catch (FormatException failure)
        {
            throw new StateStoreException($"The secret of the shared store was not changed: {failure.Message}. The store is as it was.", failure);
        }
    }

    private static async Task<(RotationReport Report, PgHead Was)> TurnAsync(PgSession session, AuditEntry entry, CancellationToken cancellation)
    {
        // Where the machine of this program is lost, PostgreSQL learns of it by its silence only; and whoever reads a table is waited for, but not for ever.
        await session.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = '5min'");
        await session.ExecuteAsync("SET LOCAL lock_timeout = '30s'");
        await TurnGate.CloseAsync(session);
        var head = await PgHead.LockAsync(session);
        var before = new KeyedHash(await PgRecords.MetaAsync(session, "hash_key"));
        var secret = RandomNumberGenerator.GetBytes(16);
        var (after, count) = (new KeyedHash(secret), new RotationCount());
        var handles = new SubjectHandles(before, after, count);
        var histories = new HistoryRekeyer(before, after, count);
        var records = new SharedRecordRekeyer(session, handles, new BlockRekeyer(after, handles, count));
        await records.BeginAsync();
        var rows = await SharedRowRekeyer.BeginAsync(session, head, histories, count);
        var events = new SharedEventRekeyer(session, new EventRekeyer(SharedEventRekeyer.Codec, before, after, head.Watermark - IStateStore.Horizon, handles, histories, count), rows, cancellation);
        await events.RunAsync();
        var profiles = await rows.EndAsync(cancellation);
        await records.EndAsync();
        await PutSecretAsync(session, secret);
        var report = count.Report();
        await session.ExecuteAsync(
            "UPDATE head SET number = number + 1, lists = number + 1, carried = number + 1, forgotten = number + 1, epoch = epoch + 1, turned = turned + 1, profiles = $1", profiles);
        await PgAudit.AppendAsync(session, [entry with { Detail = report.ToString() }]);
        await session.FlushAsync();
        return (report, head);
    }

    private static async Task PutSecretAsync(PgSession session, byte[] secret)
    {
        await PgRewrite.BeginAsync(session, "meta");
        await session.ExecuteAsync($"UPDATE {PgRewrite.CopyOf("meta")} SET value = $1 WHERE name = 'hash_key'", secret);
        await PgRewrite.EndAsync(session, "meta");
    }

    /// <summary>Drops what Redis has of the store. It is only copies: where the transaction fails after it, they are made again as rows are asked for.</summary>
    private static async Task<bool> TryForgetAsync(PgSession session, RedisSettings settings, long epoch, TimeProvider time)
    {
        if (settings.Endpoints.Count == 0) return true;
        var id = BinaryPrimitives.ReadUInt64BigEndian(await PgRecords.MetaAsync(session, "store_id"));
        await using var redis = await RedisRows.ConnectAsync(settings, id, new StoreMeter("shared", time));
        return await redis.TryForgetAsync(epoch);
    }

    /// <summary>Ends the transaction of a look, which did everything to know what would be.</summary>
    private sealed class TakenBackException(RotationReport report) : Exception
    {
        public RotationReport Report { get; } = report;
    }
}
