using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Blocks and the allow list in PostgreSQL. Changes are made within a transaction that holds the lock of <see cref="PgHead"/>.</summary>
internal static class PgLists
{
    /// <summary>Writes an entry with the next flush, in the place of the one for the same thing. What a person asked for gives way to no rule while it lasts.</summary>
    public static void PutLater(PgSession session, BlockList list, Block block, BlockKey key) => session.Later(
        """
        INSERT INTO blocks (id, list, scope, key, prefix_length, value, tenant, reason, origin, owner, created_at, until, flags, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (list, scope, key, prefix_length) DO UPDATE SET
            id = excluded.id, value = excluded.value, tenant = excluded.tenant, reason = excluded.reason, origin = excluded.origin, owner = excluded.owner,
            created_at = excluded.created_at, until = excluded.until, flags = excluded.flags, event_id = excluded.event_id
        WHERE excluded.origin <> 0 OR blocks.origin = 0 OR blocks.until <= excluded.created_at
        """,
        block.Id, (short)list, (short)block.Scope, PgKey.Of(key.Key), LengthOf(block, key), block.Value, block.Tenant, block.Reason,
        (short)block.Origin, block.Owner, block.CreatedAt.UnixMilliseconds, block.Until?.UnixMilliseconds, (short)((block.Enforced ? 1 : 0) | (block.IsHint ? 2 : 0)), block.EventId);

    /// <summary>Whether there is an entry for the same thing as one of these that got its id after that one.</summary>
    public static async Task<bool> HasNewerAsync(PgSession session, BlockList list, IReadOnlyList<NewBlock> made, long after) => await session.ScalarAsync<bool>(
        """
        SELECT EXISTS (SELECT 1 FROM unnest($3::smallint[], $4::uuid[], $5::smallint[]) AS made (scope, key, prefix_length)
        JOIN blocks b USING (scope, key, prefix_length) WHERE b.list = $1 AND b.id > $2)
        """,
        (short)list, after, made.Select(one => (short)one.Block.Scope).ToArray(), made.Select(one => PgKey.Of(one.Key.Key)).ToArray(), made.Select(one => LengthOf(one.Block, one.Key)).ToArray());

    /// <summary>Removes entries and returns the ids of those that were there.</summary>
    public static Task<List<long>> RemoveAsync(PgSession session, BlockList list, params long[] ids) =>
        session.QueryAsync("DELETE FROM blocks WHERE list = $1 AND id = ANY($2) RETURNING id", row => row.GetInt64(0), (short)list, ids);

    public static async Task<Block?> FindAsync(PgSession session, BlockList list, long id) =>
        (await session.QueryAsync(Select + " WHERE list = $1 AND id = $2", Read, (short)list, id)).Select(found => found.Block).FirstOrDefault();

    public static Task<List<(BlockList List, Block Block, BlockKey Key)>> ReadAsync(PgSession session) => session.QueryAsync(Select + " ORDER BY id", Read);

    private const string Select = "SELECT list, key, prefix_length, id, scope, value, tenant, reason, origin, owner, created_at, until, flags, event_id FROM blocks";

    private static short LengthOf(Block block, BlockKey key) => (short)(block.Scope == BlockScope.Range ? key.PrefixLength : 128);

    private static (BlockList List, Block Block, BlockKey Key) Read(NpgsqlDataReader row)
    {
        var block = new Block
        {
            Id = row.GetInt64(3),
            Scope = (BlockScope)row.GetInt16(4),
            Value = row.GetString(5),
            Tenant = row.GetString(6),
            Reason = row.GetString(7),
            Origin = (BlockOrigin)row.GetInt16(8),
            Owner = row.GetString(9),
            CreatedAt = new EventTime(row.GetInt64(10)),
            Until = row.IsDBNull(11) ? null : new EventTime(row.GetInt64(11)),
            Enforced = (row.GetInt16(12) & 1) != 0,
            IsHint = (row.GetInt16(12) & 2) != 0,
            EventId = row.GetString(13),
        };
        return ((BlockList)row.GetInt16(0), block, new BlockKey(PgKey.From(row.GetGuid(1)), row.GetInt16(2)));
    }
}
