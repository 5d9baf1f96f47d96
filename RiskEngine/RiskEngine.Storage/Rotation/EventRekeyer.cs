using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Rotation;

/// <param name="Key">What repeats are told by.</param>
/// <param name="Subject">The lower half of the key of the subject; 0 for an erased event.</param>
internal readonly record struct RekeyedEvent(UInt128 Key, ulong Subject);

/// <summary>Hashes stored events anew, and finds by them what else can be: rows of their subjects, names and applications.</summary>
/// <param name="horizon">Events before it cannot come again.</param>
internal sealed class EventRekeyer(StoredEventCodec codec, KeyedHash before, KeyedHash after, EventTime horizon, SubjectHandles handles, HistoryRekeyer histories, RotationCount count)
{
    /// <summary>Hashes one anew.</summary>
    /// <param name="key">What its repeats are told by so far, or the lower half of that.</param>
    /// <param name="body">As it is stored; changed in its place.</param>
    /// <param name="rows">Takes rows that follow from it.</param>
    /// <exception cref="FormatException">It cannot be read, or is an erased one that its source could bring back.</exception>
    public RekeyedEvent Rekey(UInt128 key, byte[] body, List<RekeyedRow> rows)
    {
        var stored = codec.Read(body);
        return stored.EventId.Length == 0 ? Erased(key, stored.OccurredAt) : Rekey(body, stored, rows);
    }

    private RekeyedEvent Rekey(byte[] body, StoredEvent stored, List<RekeyedRow> rows)
    {
        var (tenant, id, name) = (Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName));
        var was = StateKeys.Subject(before, tenant, id, name);
        var isUnknown = Pseudonyms.IsPseudonym(name);
        if (isUnknown) name = RenameIn(body, name);
        var subject = StateKeys.Subject(after, tenant, id, name);
        if (!isUnknown || id.Length > 0) See(stored, tenant, was, subject, isUnknown ? [] : name, rows);
        count.Keep(RotationReport.Events);
        return new RekeyedEvent(StateKeys.Event(after, tenant, Encoding.UTF8.GetBytes(stored.EventId)), (ulong)subject);
    }

    private void See(StoredEvent stored, byte[] tenant, UInt128 was, UInt128 subject, byte[] name, List<RekeyedRow> rows)
    {
        rows.Add(new RekeyedRow(StateRowKind.Profile, was, subject));
        rows.Add(new RekeyedRow(StateRowKind.Pair, StateKeys.Pair(before, was, stored.SourceIp), StateKeys.Pair(after, subject, stored.SourceIp)));
        if (name.Length > 0 && StateKeys.Skeleton(before, tenant, name) is var look && look != 0)
        {
            var owner = new RekeyedLook((ulong)was, StateKeys.NameTag(before, name), (ulong)subject, StateKeys.NameTag(after, name));
            rows.Add(new RekeyedRow(StateRowKind.Skeleton, look, StateKeys.Skeleton(after, tenant, name), owner));
        }

        handles.See(stored.Tenant, stored.SubjectId);
        handles.See(stored.Tenant, stored.SubjectName);
        histories.See(stored.Application);
    }

    /// <summary>An erased event is told by its id, which is not kept. Behind the horizon its source cannot bring it back for its age.</summary>
    private RekeyedEvent Erased(UInt128 key, EventTime at)
    {
        if (at >= horizon)
            throw new FormatException($"events of erased people are younger than {IStateStore.Horizon.TotalDays:F0} days, and under another secret their source could bring them back; come again when it has told of logins after {at + IStateStore.Horizon}");
        count.Lose(RotationReport.Events);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
        return new RekeyedEvent(after.Hash(bytes), 0);
    }

    /// <summary>Puts a pseudonym of the pseudonym in its place: such names are told apart as before, and nobody finds one by a name.</summary>
    private byte[] RenameIn(byte[] body, byte[] name)
    {
        var renamed = Encoding.ASCII.GetBytes(after.UnknownName(Encoding.ASCII.GetString(name.AsSpan(1))));
        for (var at = body.AsSpan().IndexOf(name); at >= 0; at = body.AsSpan().IndexOf(name)) renamed.CopyTo(body, at);
        return renamed;
    }
}
