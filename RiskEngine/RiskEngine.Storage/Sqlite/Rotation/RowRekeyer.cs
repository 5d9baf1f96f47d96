using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Challenges;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite.Rotation;

/// <summary>Hashes everything in a file anew that can be: what it was made from is found by walking along the stored events.</summary>
/// <remarks>Within the transaction under way, on a copy that nobody else has open. All rows have to be in their tables.</remarks>
internal sealed class RowRekeyer
{
    private const int EventsPerSlice = 4096;

    private readonly SqliteDatabase _database;
    private readonly KeyedHash _before;
    private readonly KeyedHash _after;
    private readonly RotationCount _count;
    private readonly CancellationToken _cancellation;
    private readonly StoredEventCodec _codec;
    private readonly SubjectHandles _handles;
    private readonly Dictionary<ushort, ushort> _applications = [];
    private readonly EventTime _horizon;
    private readonly SqliteStatement _event;

    public RowRekeyer(SqliteDatabase database, KeyedHash before, KeyedHash after, RotationCount count, CancellationToken cancellation)
    {
        (_database, _before, _after, _count, _cancellation) = (database, before, after, count, cancellation);
        var texts = new TextTable();
        texts.Reset(database.Query("SELECT text FROM texts ORDER BY number", row => row.Blob(0).ToArray()));
        _codec = new StoredEventCodec(texts);
        _handles = new SubjectHandles(database, before, after);
        _horizon = new EventTime(database.Number("SELECT value FROM meta WHERE name = 'watermark'")) - IStateStore.Horizon;
        _event = database.Prepare("UPDATE events SET event_hash = ?, subject = ?, body = ? WHERE seq = ?");
    }

    public void Run()
    {
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
        _handles.Write(_count);
        ChallengeTable.Unname(_database);
    }

    private bool Slice(ref long seq, MovedTable profiles, MovedTable pairs, MovedTable looks)
    {
        var rows = _database.Query(
            $"SELECT seq, event_hash, subject, body FROM events WHERE seq > ? ORDER BY seq LIMIT {EventsPerSlice}",
            row => (Seq: row.Integer(0), Hash: row.Bits(1), Subject: row.Bits(2), Body: row.Blob(3).ToArray()),
            seq);
        foreach (var row in rows)
        {
            var stored = _codec.Read(row.Body);
            if (stored.EventId.Length == 0) KeepErased(row.Seq, row.Hash, row.Body, stored.OccurredAt);
            else Rekey(row.Seq, row.Body, stored, profiles, pairs, looks);
        }

        if (rows.Count > 0) seq = rows[^1].Seq;
        return rows.Count == EventsPerSlice;
    }

    private void Rekey(long seq, byte[] body, StoredEvent stored, MovedTable profiles, MovedTable pairs, MovedTable looks)
    {
        var (tenant, id, name) = (Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName));
        var before = StateKeys.Subject(_before, tenant, id, name);
        var isUnknown = Pseudonyms.IsPseudonym(name);
        if (isUnknown) name = RenameIn(body, name);
        if (!isUnknown || id.Length > 0) MoveRows(stored, tenant, before, StateKeys.Subject(_after, tenant, id, name), isUnknown ? [] : name, profiles, pairs, looks);
        Keep(seq, (ulong)StateKeys.Event(_after, tenant, Encoding.UTF8.GetBytes(stored.EventId)), (ulong)StateKeys.Subject(_after, tenant, id, name), body);
    }

    private void MoveRows(StoredEvent stored, byte[] tenant, UInt128 before, UInt128 after, byte[] name, MovedTable profiles, MovedTable pairs, MovedTable looks)
    {
        profiles.Move(before, after);
        pairs.Move(StateKeys.Pair(_before, before, stored.SourceIp), StateKeys.Pair(_after, after, stored.SourceIp));
        if (name.Length > 0 && StateKeys.Skeleton(_before, tenant, name) is var look && look != 0)
        {
            var tag = StateKeys.NameTag(_before, name);
            looks.Move(look, StateKeys.Skeleton(_after, tenant, name), body =>
            {
                ref var row = ref MemoryMarshal.AsRef<SkeletonRow>(body);
                if (row.Subject != (ulong)before || row.Name != tag) return false;
                (row.Subject, row.Name) = ((ulong)after, StateKeys.NameTag(_after, name));
                return true;
            });
        }

        _handles.See(stored.Tenant, stored.SubjectId);
        _handles.See(stored.Tenant, stored.SubjectName);
        if (stored.Application.Length == 0) return;
        var application = Encoding.UTF8.GetBytes(stored.Application);
        _applications[StateKeys.Application(_before, application)] = StateKeys.Application(_after, application);
    }

    private void Keep(long seq, ulong hash, ulong subject, byte[] body)
    {
        _event.Bind(1, hash).Bind(2, subject).Bind(3, body).Bind(4, seq).Run();
        _count.Keep(RotationReport.Events);
    }

    /// <summary>An erased event is told by its id, which is not kept. Behind the horizon its source cannot bring it back for its age.</summary>
    private void KeepErased(long seq, ulong hash, byte[] body, EventTime at)
    {
        if (at >= _horizon)
            throw new FormatException($"events of erased people are younger than {IStateStore.Horizon.TotalDays:F0} days, and under another secret their source could bring them back; come again when it has told of logins after {at + IStateStore.Horizon}");
        _event.Bind(1, Again(hash)).Bind(2, 0L).Bind(3, body).Bind(4, seq).Run();
        _count.Lose(RotationReport.Events);
    }

    /// <summary>Puts a pseudonym of the pseudonym in its place: such names are told apart as before, and nobody finds one by a name.</summary>
    private byte[] RenameIn(byte[] body, byte[] name)
    {
        var renamed = Encoding.ASCII.GetBytes(_after.UnknownName(Encoding.ASCII.GetString(name.AsSpan(1))));
        for (var at = body.AsSpan().IndexOf(name); at >= 0; at = body.AsSpan().IndexOf(name)) renamed.CopyTo(body, at);
        return renamed;
    }

    private ulong Again(ulong hash)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, hash);
        return (ulong)_after.Hash(bytes);
    }

    /// <summary>In profiles: ids of devices and sessions are not kept and go, applications are hashed anew where an event names them.</summary>
    private void RekeyHistories()
    {
        var (room, packed) = (new byte[SubjectProfile.MaxLength], new byte[PackedProfile.MaxLength]);
        var seen = long.MinValue;
        using var write = _database.Once("UPDATE profiles SET body = ? WHERE id = ?");
        while (_database.Query($"SELECT id, body FROM profiles WHERE id > ? ORDER BY id LIMIT {EventsPerSlice}", row => (Id: row.Integer(0), Body: row.Blob(1).ToArray()), seen) is { Count: > 0 } rows)
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (var (id, body) in rows)
            {
                if (!PackedProfile.TryRead(body, room)) continue;
                var profile = new SubjectProfile(room);
                foreach (ref var login in profile.Logins) RekeyLogin(ref login);
                write.Bind(1, packed.AsSpan(0, PackedProfile.Write(room.AsSpan(0, profile.UsedLength), packed))).Bind(2, id).Run();
            }

            seen = rows[^1].Id;
        }
    }

    private void RekeyLogin(ref PastLogin login)
    {
        if (login.DeviceId != 0) _count.Lose(RotationReport.Devices);
        if (login.Session != 0) _count.Lose(RotationReport.Sessions);
        (login.DeviceId, login.Session) = (0, 0);
        if (login.Application == 0) return;
        if (_applications.TryGetValue(login.Application, out var application)) _count.Keep(RotationReport.Applications); else _count.Lose(RotationReport.Applications);
        login.Application = application;
    }

    /// <summary>Blocks name whom they are about. Those of a session and of a name that does not exist name a hash, which nothing has any more: they end.</summary>
    private void RekeyBlocks()
    {
        var keys = new BlockKeyReader(_after);
        foreach (var (id, scope, value, tenant) in _database.Query("SELECT id, scope, value, tenant FROM blocks", row => (row.Integer(0), (BlockScope)row.Integer(1), row.Text(2), row.Text(3))))
        {
            var name = SubjectHandle.NameIn(scope, value);
            var isLost = scope == BlockScope.Session || (name is not null && Pseudonyms.IsPseudonym(Encoding.UTF8.GetBytes(name)));
            if (isLost) _database.Execute("DELETE FROM blocks WHERE id = ?", id);
            else if (name is not null) _database.Execute("UPDATE blocks SET key = ? WHERE id = ?", KeyOf(keys, scope, value, tenant), id);
            if (isLost) _count.Lose(RotationReport.Blocks); else _count.Keep(RotationReport.Blocks);
            if (name is not null) _handles.See(tenant, name);
        }
    }

    private static byte[] KeyOf(BlockKeyReader keys, BlockScope scope, string value, string tenant) =>
        keys.TryParse(scope, value, tenant, EntryPurpose.Stored, out var entry, out var error) ? SubjectHandles.BytesOf(entry.Key.Key) : throw new FormatException($"the block of {scope.Name()} {value} cannot be read: {error}");
}
