using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Pipeline;

/// <summary>Remembers the last look-ups of addresses and user agents: logins repeat both. A fixed number of places, newest wins.</summary>
/// <remarks>
/// Belongs to one unit of work; not thread-safe. A new snapshot of facts empties it. User agents are told apart by a keyed hash alone, so that nobody
/// can send one that is taken for another's.
/// </remarks>
internal sealed class RecentFacts
{
    private const int Places = 1024;

    private readonly (IpAddress Address, AddressFacts Facts)[] _addresses = new (IpAddress, AddressFacts)[Places];
    private readonly (ulong Hash, DeviceFacts Device)[] _devices = new (ulong, DeviceFacts)[Places];
    private FactSnapshot _facts = FactSnapshot.Empty;

    public void Use(FactSnapshot facts)
    {
        if (ReferenceEquals(facts, _facts)) return;
        Array.Clear(_addresses);
        _facts = facts;
    }

    public AddressFacts Lookup(in IpAddress address)
    {
        if (address.IsUnknown) return _facts.Lookup(address);
        ref var place = ref _addresses[(int)(((address.High ^ address.Low) * 0x9E3779B97F4A7C15UL) >> 54)];
        if (place.Address != address) place = (address, _facts.Lookup(address));
        return place.Facts;
    }

    /// <param name="number">Hash of the user agent by which the fleet counts it; zero for none.</param>
    public DeviceFacts Parse(ReadOnlySpan<byte> userAgent, KeyedHash keyed, out ulong number)
    {
        number = 0;
        if (userAgent.IsEmpty) return default;
        var hash = (ulong)keyed.Hash(userAgent);
        ref var place = ref _devices[(int)(hash >> 54)];
        if (place.Hash != hash) place = (hash, UserAgentParser.Parse(userAgent));
        number = Math.Max(HashOf(userAgent), 1);
        return place.Device;
    }

    /// <summary>A fast 64-bit hash of text for comparisons within one profile and counts of the fleet: not for anything an attacker gains by a collision.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> text)
    {
        var hash = 0x9E3779B97F4A7C15UL ^ ((ulong)text.Length * 0xC2B2AE3D27D4EB4FUL);
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }

        var last = 0UL;
        foreach (var c in text) last = (last << 8) | c;
        return Mix(hash ^ last);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low;
    }
}
