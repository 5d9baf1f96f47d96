using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Shared;

/// <summary>How far a feed was read.</summary>
/// <param name="Day">The day of the last event, in days since 1970.</param>
/// <param name="Seq">The number of the last event.</param>
/// <param name="Erasure">The last erasure when the reading began.</param>
/// <param name="IsAtEnd">Whether that was all there is so far.</param>
public readonly record struct FeedPlace(int Day, long Seq, string Erasure, bool IsAtEnd);

/// <summary>Events of at least low risk of all replicas, in the order in which they were stored: the same for whoever reads, whenever it begins.</summary>
/// <remarks>Each reading is one short look at PostgreSQL. Thread-safe, as far as what is handed out is not used by two.</remarks>
public sealed class SharedFeed
{
    private const string LastErasure = "last_erasure";

    private readonly PgDatabase _database;
    private readonly StoredEventCodec _codec;
    private long _damaged;

    internal SharedFeed(PgDatabase database, StoredEventCodec codec) => (_database, _codec) = (database, codec);

    /// <summary>Gets how many events could not be read so far: damaged ones. They are passed over.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>The place before the events of that long ago, by event time.</summary>
    /// <exception cref="StateStoreException">PostgreSQL cannot be asked.</exception>
    public Task<FeedPlace> BeginAsync(TimeSpan lookBack, CancellationToken cancellation) => _database.ReadAsync(
        async session =>
        {
            var (head, erasure) = await LookAsync(session);
            var place = EventPlace.Before(head.Watermark == default ? null : head.Watermark - lookBack);
            return new FeedPlace(place.Day, place.Seq, erasure, IsAtEnd: false);
        },
        cancellation);

    /// <summary>Hands out the next events, some thousand at most, one after the other in the same object.</summary>
    /// <param name="take">Called after they were read; must not throw.</param>
    /// <returns>How far it came; null where somebody was erased since the reading began: what was handed out may name him, so begin anew.</returns>
    /// <exception cref="StateStoreException">PostgreSQL cannot be asked; nothing was handed out.</exception>
    public async Task<FeedPlace?> ReadAsync(FeedPlace from, Action<StoredLogin> take, CancellationToken cancellation)
    {
        var (head, erasure, slice) = await _database.ReadAsync(
            async session =>
            {
                var (head, erasure) = await LookAsync(session);
                if (erasure != from.Erasure || head.Seq == from.Seq) return (head, erasure, []);
                return (head, erasure, await PgEventSlices.ReadAsync(session, new EventPlace(from.Day, from.Seq), head.Seq, RiskLevel.Low));
            },
            cancellation);
        if (erasure != from.Erasure) return null;
        var login = new StoredLogin();
        foreach (var (_, subject, body) in slice)
        {
            if (!TryRead(body, login)) continue;
            login.Subject = subject;
            take(login);
        }

        return slice.Count < PgEventSlices.Length ? new FeedPlace(head.Day, head.Seq, erasure, IsAtEnd: true) : new FeedPlace(slice[^1].Place.Day, slice[^1].Place.Seq, erasure, IsAtEnd: false);
    }

    /// <summary>Notes, with the change under way, that somebody was erased, so that whoever read of him begins anew.</summary>
    internal static Task NoteErasureAsync(PgSession session) => PgRecords.PutMetaAsync(session, LastErasure, Guid.NewGuid().ToByteArray());

    private static async Task<(PgHead Head, string Erasure)> LookAsync(PgSession session)
    {
        PgHead? head = null;
        byte[] erasure = [];
        await session.AskAsync(
            new PgQuestion(PgHead.Select, row => head = PgHead.Read(row)), new PgQuestion("SELECT value FROM meta WHERE name = $1", row => erasure = row.GetFieldValue<byte[]>(0), LastErasure));
        return (head!, Convert.ToHexString(erasure));
    }

    private bool TryRead(byte[] body, StoredLogin into)
    {
        try
        {
            return _codec.TryRead(body, into);
        }
        catch (FormatException)
        {
            Interlocked.Increment(ref _damaged);
            return false;
        }
    }
}
