using Npgsql;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Rotation;

namespace RiskEngine.Storage.Shared.Rotation;

/// <summary>Walks along the stored events of a shared store, hashes them anew into new partitions, and has the rows that follow from them hashed anew.</summary>
internal sealed class SharedEventRekeyer(PgSession session, EventRekeyer events, SharedRowRekeyer rows, CancellationToken cancellation)
{
    private const int Slice = 4096;

    /// <summary>Reads events that have their texts in them.</summary>
    public static StoredEventCodec Codec { get; } = new(new TextTable(capacity: 0));

    public async Task RunAsync()
    {
        foreach (var (day, _) in await PgEvents.DaysAsync(session))
        {
            var (partition, old) = (PgEvents.PartitionOf(day), PgEvents.PartitionOf(day) + "_before");
            session.Later($"ALTER TABLE events DETACH PARTITION {partition}");
            session.Later($"ALTER TABLE {partition} RENAME TO {old}");
            PgEvents.AddDayLater(session, day);
            await session.FlushAsync();
            for (var (seq, isMore) = (-1L, true); isMore;) (seq, isMore) = await SliceAsync(old, day, seq);
            await session.ExecuteAsync($"DROP TABLE {old}");
        }
    }

    private async Task<(long Seq, bool IsMore)> SliceAsync(string from, int day, long after)
    {
        cancellation.ThrowIfCancellationRequested();
        var slice = await session.QueryAsync($"SELECT seq, event_key, address, occurred_at, level, body FROM {from} WHERE seq > $1 ORDER BY seq LIMIT {Slice}", Read, after);
        if (slice.Count == 0) return (after, false);
        List<RekeyedRow> moves = [];
        var rekeyed = slice.ConvertAll(stored => events.Rekey(PgKey.From(stored.Key), stored.Body, moves));
        session.Later(
            """
            INSERT INTO events (day, seq, event_key, subject, address, occurred_at, level, body)
            SELECT $1, seq, event_key, subject, address, occurred_at, nullif(level, -1), body
            FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bytea[]) AS again (seq, event_key, subject, address, occurred_at, level, body)
            """,
            day, slice.Select(stored => stored.Seq).ToArray(), rekeyed.Select(one => PgKey.Of(one.Key)).ToArray(), rekeyed.Select(one => unchecked((long)one.Subject)).ToArray(),
            slice.Select(stored => stored.Address).ToArray(), slice.Select(stored => stored.OccurredAt).ToArray(), slice.Select(stored => stored.Level).ToArray(), slice.Select(stored => stored.Body).ToArray());
        await rows.MoveAsync(moves);
        return (slice[^1].Seq, slice.Count == Slice);
    }

    private static (long Seq, Guid Key, long Address, long OccurredAt, short Level, byte[] Body) Read(NpgsqlDataReader row) =>
        (row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? (short)-1 : row.GetInt16(4), row.GetFieldValue<byte[]>(5));
}
