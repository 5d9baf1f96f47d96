using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Rotation;

namespace RiskEngine.Storage.Shared.Rotation;

/// <summary>Hashes anew, in a shared store, whose the audit's keys, words on events and what is owed are, and whom blocks are about; challenges become nobody's.</summary>
internal sealed class SharedRecordRekeyer(PgSession session, SubjectHandles handles, BlockRekeyer blocks)
{
    private const string Keys = "subject_keys", Words = "feedback", Owed = "outbox", Blocks = "blocks", Challenges = "challenges";

    private static readonly string[] Tables = [Keys, Words, Owed, Blocks, Challenges];

    /// <summary>Locks the tables, and notes whom there is to look for among the events.</summary>
    public async Task BeginAsync()
    {
        foreach (var table in Tables) await PgRewrite.BeginAsync(session, table);
        foreach (var handle in await session.QueryAsync($"SELECT subject FROM {Keys} UNION SELECT subject FROM {Words} UNION SELECT subject FROM {Owed} WHERE subject IS NOT NULL", row => PgKey.From(row.GetGuid(0))))
            if (handle != 0) handles.Add(handle);
    }

    /// <summary>Writes what is known once all events were seen.</summary>
    public async Task EndAsync()
    {
        await RekeyBlocksAsync();
        await RekeyKeysAsync();
        await RekeyWordsAsync();
        await RekeyOwedAsync();
        await UnnameAsync();
        foreach (var table in Tables) await PgRewrite.EndAsync(session, table);
        await session.ExecuteAsync("TRUNCATE outbox_once, challenge_notes");
    }

    private async Task RekeyBlocksAsync()
    {
        var rekeyed = (await PgLists.ReadAsync(session)).ConvertAll(entry => (entry.Block.Id, Block: blocks.Rekey(entry.Block.Scope, entry.Block.Value, entry.Block.Tenant)));
        await RemoveAsync(Blocks, rekeyed.Where(entry => entry.Block.IsLost).Select(entry => entry.Id));
        await SetAsync(Blocks, "key", rekeyed.Where(entry => entry.Block.Key is not null).Select(entry => (entry.Id, entry.Block.Key!.Value)));
    }

    private async Task RekeyKeysAsync()
    {
        List<(long Id, UInt128 Handle)> rekeyed = [];
        foreach (var (id, handle, key) in await session.QueryAsync($"SELECT id, subject, key FROM {Keys}", row => (row.GetInt64(0), PgKey.From(row.GetGuid(1)), row.GetFieldValue<byte[]>(2))))
        {
            if (!handles.IsKnown(handle)) handles.SeeTargets(key, await session.QueryAsync("SELECT number, content FROM audit WHERE key_id = $1", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), id));
            rekeyed.Add((id, handles.OfAuditKey(handle)));
        }

        await SetAsync(Keys, "subject", rekeyed);
    }

    /// <summary>A word whose subject is not known any more has none, which is written as zero.</summary>
    private async Task RekeyWordsAsync()
    {
        var words = await SubjectsAsync(Words);
        await SetAsync(Words, "subject", words.Where(word => word.Handle != 0).Select(word => (word.Id, handles.OfWord(word.Handle) ?? 0)).ToList());
    }

    /// <summary>Writes whom items of the outbox tell of, also where their order names the subject, so that what is owed later takes its turn behind them.</summary>
    private async Task RekeyOwedAsync()
    {
        var owed = (await SubjectsAsync(Owed)).ConvertAll(item => (item.Id, Before: item.Handle, After: handles.OfOwed(item.Handle)));
        await RemoveAsync(Owed, owed.Where(item => item.After is null).Select(item => item.Id));
        var kept = owed.Where(item => item.After is not null).ToList();
        await session.ExecuteAsync(
            $"UPDATE {PgRewrite.CopyOf(Owed)} t SET order_key = replace(order_key, n.before, n.after) FROM unnest($1::bigint[], $2::text[], $3::text[]) AS n (id, before, after) WHERE t.id = n.id",
            kept.Select(item => item.Id).ToArray(), kept.Select(item => $"{item.Before:x32}").ToArray(), kept.Select(item => $"{item.After:x32}").ToArray());
        await SetAsync(Owed, "subject", kept.Select(item => (item.Id, item.After!.Value)));
    }

    /// <summary>Challenges stay as counts; their numbers were hashes too.</summary>
    private async Task UnnameAsync()
    {
        var copy = PgRewrite.CopyOf(Challenges);
        await session.ExecuteAsync($"DELETE FROM {copy} WHERE outcome = 0");
        await session.ExecuteAsync(
            $"UPDATE {copy} t SET id = n.number, subject = NULL, request = NULL, pair = NULL, named_pair = NULL, event = NULL FROM (SELECT id, row_number() OVER (ORDER BY issued_at, id) AS number FROM {copy}) n WHERE t.id = n.id");
    }

    private Task<List<(long Id, UInt128 Handle)>> SubjectsAsync(string table) =>
        session.QueryAsync($"SELECT id, subject FROM {table} WHERE subject IS NOT NULL", row => (row.GetInt64(0), PgKey.From(row.GetGuid(1))));

    private Task<int> RemoveAsync(string table, IEnumerable<long> ids) => session.ExecuteAsync($"DELETE FROM {PgRewrite.CopyOf(table)} WHERE id = ANY($1)", ids.ToArray());

    private Task<int> SetAsync(string table, string column, IEnumerable<(long Id, UInt128 Key)> keys)
    {
        var rows = keys.ToList();
        return session.ExecuteAsync(
            $"UPDATE {PgRewrite.CopyOf(table)} t SET {column} = n.key FROM unnest($1::bigint[], $2::uuid[]) AS n (id, key) WHERE t.id = n.id",
            rows.Select(row => row.Id).ToArray(), rows.Select(row => PgKey.Of(row.Key)).ToArray());
    }
}
