using System.Runtime.InteropServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>What joins a challenge with what becomes of it: the request, and who from where. Pure.</summary>
/// <param name="Request">Key of the <c>request_id</c>; 0 for none.</param>
/// <param name="Pair">Keys of the subject, by id and by name, with the address; 0 for none, and where the address is not known.</param>
internal readonly record struct ChallengeKeys(UInt128 Request, (UInt128 ById, UInt128 ByName) Pair)
{
    private const ulong RequestTweak = 0x63682d72, NumberTweak = 0x63682d6e;

    public static ChallengeKeys Of(KeyedHash hash, EventBatch batch, in LoginEvent e)
    {
        var tenant = batch.Text(e.Tenant);
        if (tenant.SequenceEqual("default"u8)) tenant = default;
        var request = e.RequestId.IsEmpty ? 0 : hash.Hash(MemoryMarshal.AsBytes<UInt128>([hash.Hash(tenant, RequestTweak), hash.Hash(batch.Text(e.RequestId), RequestTweak)]), RequestTweak);
        if (e.SourceIp.IsUnknown) return new ChallengeKeys(request, default);
        var byId = e.SubjectId.IsEmpty ? 0 : StateKeys.Pair(hash, StateKeys.Subject(hash, tenant, batch.Text(e.SubjectId), default), e.SourceIp);
        var byName = e.SubjectName.IsEmpty ? 0 : StateKeys.Pair(hash, StateKeys.Subject(hash, tenant, default, batch.Text(e.SubjectName)), e.SourceIp);
        return new ChallengeKeys(request, (byId, byName));
    }

    /// <summary>What a session is challenged for where it is used from that address.</summary>
    public static UInt128 CauseOf(KeyedHash hash, UInt128 session, IpAddress address) => StateKeys.Pair(hash, session, address);

    /// <summary>The number of a challenge that begins with these.</summary>
    public long Number(KeyedHash hash, EventTime at) =>
        unchecked((long)(ulong)hash.Hash(MemoryMarshal.AsBytes<UInt128>(Request != 0 ? [Request] : [Pair.ById, Pair.ByName, (UInt128)(ulong)at.UnixMilliseconds]), NumberTweak));
}
