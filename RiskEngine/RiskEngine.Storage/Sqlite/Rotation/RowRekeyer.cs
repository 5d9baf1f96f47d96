using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite.Challenges;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>Hashes everything in a file anew that can be: what it was made from is found by walking along the stored events.</summary>
/// <remarks>Within the transaction under way, on a copy that nobody else has open. All rows have to be in their tables.</remarks>
internal sealed class RowRekeyer
{
    private const int EventsPerSlice = 4096;

    private readonly SqliteDatabase _database;
    private readonly RotationCount _count;
    private readonly CancellationToken _cancellation;
    private readonly SubjectHandles _handles;
    private readonly HistoryRekeyer _histories;
    private readonly EventRekeyer _events;
    private readonly BlockRekeyer _blocks;
    private readonly SqliteStatement _event;

    public RowRekeyer(SqliteDatabase database, KeyedHash before, KeyedHash after, RotationCount count, CancellationToken cancellation)
    {
        (_database, _count, _cancellation) = (database, count, cancellation);
        var texts = new TextTable();
        texts.Reset(database.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray()));
        var horizon = new EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'")) - IStateStore.Horizon;
        _handles = new SubjectHandles(before, after, count);
        _histories = new HistoryRekeyer(before, after, count);
        _events = new EventRekeyer(new StoredEventCodec(texts), before, after, horizon, _handles, _histories, count);
        _blocks = new BlockRekeyer(after, _handles, count);
        _event = database.Prepare("UPDATE events SET event_hash = ?, subject = ?, body = ? WHERE seq = ?");
    }

    public void Run()
    {
        var records = new RecordRekeyer(_database, _handles);
        using var profiles = new MovedTable(_database, StateRowKind.Profile);
        using var pairs = new MovedTable(_database, StateRowKind.Pair);
        using var looks = new MovedTable(_database, StateRowKind.Skeleton);
        for (var seq = -1L; Slice(ref seq, profiles, pairs, looks);) _cancellation.ThrowIfCancellationRequested();
        _count.Keep(RotationReport.Profiles, profiles.Moved);
        _count.Lose(RotationReport.Profiles, profiles.Drop());
        _count.Keep(RotationReport.Pairs, pairs.Moved);
        _count.Lose(RotationReport.Pairs, pairs.Drop());
        _count.Keep(RotationReport.Looks, looks.Moved);
        _count.Lose(RotationReport.Looks, looks.Drop());
        _database.Execute("UPDATE meta SET value = (SELECT count(*) FROM profiles) WHERE name = 'profiles'");
        RekeyHistories();
        _count.Lose(RotationReport.Names, _database.Number("SELECT count(*) FROM names"));
        _database.Execute("DELETE FROM names");
        RekeyBlocks();
        records.Run();
        ChallengeTable.Unname(_database);
    }

    private bool Slice(ref long seq, MovedTable profiles, MovedTable pairs, MovedTable looks)
    {
        var rows = _database.Query(
            $"SELECT seq, event_hash, body FROM events WHERE seq > ? ORDER BY seq LIMIT {EventsPerSlice}", row => (Seq: row.Integer(0), Hash: row.Bits(1), Body: row.Blob(2).ToArray()), seq);
        List<RekeyedRow> moves = [];
        foreach (var row in rows)
        {
            var rekeyed = _events.Rekey(row.Hash, row.Body, moves);
            _event.Bind(1, (ulong)rekeyed.Key).Bind(2, rekeyed.Subject).Bind(3, row.Body).Bind(4, row.Seq).Run();
        }

        foreach (var move in moves)
        {
            var table = move.Kind switch { StateRowKind.Profile => profiles, StateRowKind.Pair => pairs, _ => looks };
            table.Move(move.Before, move.After, move.Look is { } look ? look.TryWrite : null);
        }

        if (rows.Count > 0) seq = rows[^1].Seq;
        return rows.Count == EventsPerSlice;
    }

    private void RekeyHistories()
    {
        var seen = long.MinValue;
        using var write = _database.Once("UPDATE profiles SET body = ? WHERE id = ?");
        while (_database.Query($"SELECT id, body FROM profiles WHERE id > ? ORDER BY id LIMIT {EventsPerSlice}", row => (Id: row.Integer(0), Body: row.Blob(1).ToArray()), seen) is { Count: > 0 } rows)
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (var (id, body) in rows) write.Bind(1, _histories.Rekey(body)).Bind(2, id).Run();
            seen = rows[^1].Id;
        }
    }

    private void RekeyBlocks()
    {
        foreach (var (id, scope, value, tenant) in _database.Query("SELECT id, scope, value, tenant FROM blocks", row => (row.Integer(0), (BlockScope)row.Integer(1), row.Text(2), row.Text(3))))
        {
            var rekeyed = _blocks.Rekey(scope, value, tenant);
            if (rekeyed.IsLost) _database.Execute("DELETE FROM blocks WHERE id = ?", id);
            else if (rekeyed.Key is { } key) _database.Execute("UPDATE blocks SET key = ? WHERE id = ?", RecordWriter.BytesOf(key), id);
        }
    }
}
