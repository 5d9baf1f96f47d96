using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared.Rotation;

/// <summary>Puts rows of state of a shared store under other keys: from a copy of their table into the table itself, which is empty at first, so that no new key is taken for an old one.</summary>
internal sealed class SharedRowRekeyer
{
    private const string Table = "state_rows", Profiles = "profiles_before";
    private const int Slice = 4096;

    private static readonly StateRowKind[] Hashed = [StateRowKind.Profile, StateRowKind.Pair, StateRowKind.Skeleton, StateRowKind.Name];

    private static readonly string Before = PgRewrite.CopyOf(Table);

    private readonly PgSession _session;
    private readonly HistoryRekeyer _histories;
    private readonly RotationCount _count;

    private SharedRowRekeyer(PgSession session, HistoryRekeyer histories, RotationCount count) => (_session, _histories, _count) = (session, histories, count);

    /// <summary>Carries everything over that waits in the journal, makes the copy, and puts back what no hash finds.</summary>
    /// <param name="head">Locked by the transaction.</param>
    public static async Task<SharedRowRekeyer> BeginAsync(PgSession session, PgHead head, HistoryRekeyer histories, RotationCount count)
    {
        await CarryAsync(session, head);
        await PgRewrite.BeginAsync(session, Table);
        await session.ExecuteAsync($"ALTER TABLE {Before} ADD PRIMARY KEY (kind, key)");
        await session.ExecuteAsync($"ANALYZE {Before}");
        await session.ExecuteAsync($"TRUNCATE {Table}, journal");
        await session.ExecuteAsync($"INSERT INTO {Table} SELECT * FROM {Before} WHERE kind <> ALL($1)", Numbers(Hashed));
        await session.ExecuteAsync($"CREATE TEMP TABLE {Profiles} (before uuid PRIMARY KEY, after uuid NOT NULL) ON COMMIT DROP");
        return new SharedRowRekeyer(session, histories, count);
    }

    /// <summary>Moves rows, where they are there, with what was noted in the session. Moving one twice does no harm.</summary>
    public async Task MoveAsync(IReadOnlyList<RekeyedRow> moves)
    {
        // Histories can be hashed anew once all events were seen; until then it is noted only where their profiles go.
        _session.Later($"INSERT INTO {Profiles} SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING", KeysOf(StateRowKind.Profile, move => move.Before), KeysOf(StateRowKind.Profile, move => move.After));
        _session.Later(
            $"""
            INSERT INTO {Table} (kind, key, version, seen, body) SELECT b.kind, m.after, b.version, b.seen, b.body
            FROM unnest($2::uuid[], $3::uuid[]) AS m (before, after) JOIN {Before} b ON b.kind = $1 AND b.key = m.before ON CONFLICT DO NOTHING
            """,
            (short)StateRowKind.Pair, KeysOf(StateRowKind.Pair, move => move.Before), KeysOf(StateRowKind.Pair, move => move.After));
        await _session.FlushAsync();
        await MoveLooksAsync([.. moves.Where(move => move.Look is not null)]);

        Guid[] KeysOf(StateRowKind kind, Func<RekeyedRow, UInt128> key) => [.. moves.Where(move => move.Kind == kind).Select(key).Select(PgKey.Of)];
    }

    /// <summary>Moves the profiles, and counts what was moved and what is lost.</summary>
    /// <returns>How many profiles there are.</returns>
    public async Task<long> EndAsync(CancellationToken cancellation)
    {
        await _session.ExecuteAsync($"ANALYZE {Profiles}");
        Guid? last = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            last = await MoveProfilesAsync(last);
        }
        while (last is not null);

        var profiles = await CountAsync(StateRowKind.Profile, RotationReport.Profiles);
        await CountAsync(StateRowKind.Pair, RotationReport.Pairs);
        await CountAsync(StateRowKind.Skeleton, RotationReport.Looks);
        _count.Lose(RotationReport.Names, await RowsAsync(Before, StateRowKind.Name));
        return profiles;
    }

    private static async Task CarryAsync(PgSession session, PgHead head)
    {
        var journal = new JournalRows();
        journal.Take(head, await session.QueryAsync(PgJournal.SelectSince, PgJournal.Read, head.Carried));
        foreach (var slice in journal.Between(head.Carried, long.MaxValue).Rows.Chunk(Slice)) await PgRows.CarryAsync(session, slice);
    }

    private async Task MoveLooksAsync(List<RekeyedRow> moves)
    {
        if (moves.Count == 0) return;
        var looks = (await _session.QueryAsync(
            $"SELECT key, version, seen, body FROM {Before} WHERE kind = $1 AND key = ANY($2)", row => (Key: PgKey.From(row.GetGuid(0)), Row: new Moved(row.GetInt64(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3))),
            (short)StateRowKind.Skeleton, moves.Select(move => PgKey.Of(move.Before)).Distinct().ToArray())).ToDictionary(look => look.Key, look => look.Row);
        List<(UInt128 Key, Moved Row)> moved = [];
        foreach (var move in moves)
        {
            if (!looks.TryGetValue(move.Before, out var look) || !move.Look!.TryWrite(look.Body)) continue;
            looks.Remove(move.Before);
            moved.Add((move.After, look));
        }

        await PutAsync(StateRowKind.Skeleton, moved);
    }

    /// <returns>The last one of the slice; null at the end.</returns>
    private async Task<Guid?> MoveProfilesAsync(Guid? after)
    {
        var slice = await _session.QueryAsync(
            $"SELECT m.before, m.after, b.version, b.seen, b.body FROM {Profiles} m JOIN {Before} b ON b.kind = $1 AND b.key = m.before WHERE $2::uuid IS NULL OR m.before > $2 ORDER BY m.before LIMIT {Slice}",
            row => (Before: row.GetGuid(0), After: PgKey.From(row.GetGuid(1)), Row: new Moved(row.GetInt64(2), row.GetInt32(3), row.GetFieldValue<byte[]>(4))), (short)StateRowKind.Profile, after);
        await PutAsync(StateRowKind.Profile, slice.ConvertAll(profile => (profile.After, profile.Row with { Body = _histories.Rekey(profile.Row.Body).ToArray() })));
        return slice.Count < Slice ? null : slice[^1].Before;
    }

    private Task PutAsync(StateRowKind kind, List<(UInt128 Key, Moved Row)> rows) => _session.ExecuteAsync(
        $"INSERT INTO {Table} (kind, key, version, seen, body) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::integer[], $5::bytea[]) ON CONFLICT DO NOTHING",
        (short)kind, rows.Select(row => PgKey.Of(row.Key)).ToArray(), rows.Select(row => row.Row.Version).ToArray(), rows.Select(row => row.Row.Seen).ToArray(), rows.Select(row => row.Row.Body).ToArray());

    private async Task<long> CountAsync(StateRowKind kind, string table)
    {
        var kept = await RowsAsync(Table, kind);
        _count.Keep(table, kept);
        _count.Lose(table, await RowsAsync(Before, kind) - kept);
        return kept;
    }

    private Task<long> RowsAsync(string table, StateRowKind kind) => _session.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE kind = $1", (short)kind);

    private static short[] Numbers(StateRowKind[] kinds) => [.. kinds.Select(kind => (short)kind)];

    private readonly record struct Moved(long Version, int Seen, byte[] Body);
}
