using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.State;

/// <summary>What a row of reputation is about.</summary>
public enum ReputationKind : byte
{
    Fleet = 1,
    /// <summary>An IPv4 address or an IPv6 /64.</summary>
    Address = 2,
    /// <summary>An IPv4 /24 or an IPv6 /48.</summary>
    Network = 3,
    Asn = 4,
    Country = 5,
    /// <summary>A user agent to the letter, by its hash; whoever wants to look usual copies one.</summary>
    UserAgent = 6,
    /// <summary>Browser, operating system and class of device.</summary>
    Platform = 7,
    OperatingSystem = 8,
}

/// <summary>Keys under which state is kept. Addresses are kept in clear, subjects and names as keyed hashes.</summary>
/// <remarks>Pure and thread-safe. The tweaks separate the uses of the one hash key; they are part of the stored format.</remarks>
public static class StateKeys
{
    /// <summary>Cells in a row of the sketch of names; a power of two.</summary>
    public const int NameCells = 32_768;

    private const ulong SubjectIdTweak = 1, SubjectNameTweak = 2, EventTweak = 3, PairTweak = 4, NameTweak = 5, SkeletonTweak = 6, NameTagTweak = 7, ApplicationTweak = 13;

    /// <summary>Key of the fleet as a whole.</summary>
    public static UInt128 Fleet => new((ulong)ReputationKind.Fleet << 56, 0);

    public static UInt128 Address(in IpAddress address) => new((ulong)ReputationKind.Address << 56, address.Unit);

    public static UInt128 Network(in IpAddress address) => new((ulong)ReputationKind.Network << 56, address.Network);

    public static UInt128 Asn(uint number) => new((ulong)ReputationKind.Asn << 56, number);

    public static UInt128 Country(CountryCode country) => new((ulong)ReputationKind.Country << 56, country.Value);

    /// <param name="hash">Hash of the whole user agent.</param>
    public static UInt128 UserAgent(ulong hash) => new((ulong)ReputationKind.UserAgent << 56, hash);

    public static UInt128 Platform(in DeviceFacts device) =>
        new((ulong)ReputationKind.Platform << 56, ((ulong)device.Browser << 16) | ((ulong)device.Os << 8) | (ulong)device.Class);

    public static UInt128 OperatingSystem(in DeviceFacts device) => new((ulong)ReputationKind.OperatingSystem << 56, device.Os);

    public static ReputationKind KindOf(UInt128 key) => (ReputationKind)(byte)((ulong)(key >> 64) >> 56);

    public static ulong ValueOf(UInt128 key) => (ulong)key;

    /// <summary>Key of a subject: of its id, or where the source knows none, of its name. The two never meet.</summary>
    public static UInt128 Subject(KeyedHash hash, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name) =>
        id.IsEmpty ? Scoped(hash, tenant, name, SubjectNameTweak) : Scoped(hash, tenant, id, SubjectIdTweak);

    /// <summary>Key by which a repeated event is told.</summary>
    public static UInt128 Event(KeyedHash hash, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> eventId) => Scoped(hash, tenant, eventId, EventTweak);

    /// <summary>Key of one subject from one address.</summary>
    public static UInt128 Pair(KeyedHash hash, UInt128 subject, in IpAddress address) => Pair(hash, subject, address.Unit);

    /// <summary>The same by the part of the address that counts, <see cref="IpAddress.Unit"/>.</summary>
    public static UInt128 Pair(KeyedHash hash, UInt128 subject, ulong addressUnit)
    {
        Span<ulong> words = [(ulong)(subject >> 64), (ulong)subject, addressUnit];
        return hash.Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words), PairTweak);
    }

    /// <summary>Key of what a name looks like; zero for a name that looks like nothing.</summary>
    public static UInt128 Skeleton(KeyedHash hash, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> name)
    {
        Span<byte> skeleton = stackalloc byte[NameSkeleton.MaxLength];
        var length = NameSkeleton.Write(name, skeleton);
        return length == 0 ? 0 : Scoped(hash, tenant, skeleton[..length], SkeletonTweak);
    }

    /// <summary>Bits by which a name is told from others with the same skeleton; those of its letters in lower case, so that <c>Jane</c> is <c>jane</c>.</summary>
    public static uint NameTag(KeyedHash hash, ReadOnlySpan<byte> name)
    {
        Span<byte> lower = stackalloc byte[NameSkeleton.MaxLength];
        var length = Math.Min(name.Length, lower.Length);
        System.Text.Ascii.ToLower(name[..length], lower, out var written);
        if (written < length) name[written..length].CopyTo(lower[written..]);
        return (uint)hash.Hash(lower[..length], NameTagTweak);
    }

    /// <summary>Bits by which a history tells applications apart.</summary>
    public static ushort Application(KeyedHash hash, ReadOnlySpan<byte> application) => (ushort)hash.Hash(application, ApplicationTweak);

    /// <summary>The two cells of the sketch that a subject, or a pair, without a profile is counted in.</summary>
    public static (int First, int Second) Cells(UInt128 key)
    {
        var high = (ulong)(key >> 64);
        return ((int)(high & (NameCells - 1)), NameCells + (int)((high >> 20) & (NameCells - 1)));
    }

    private static UInt128 Scoped(KeyedHash hash, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> value, ulong tweak)
    {
        if (tenant.IsEmpty || tenant.SequenceEqual("default"u8)) return hash.Hash(value, tweak);
        var scope = hash.Hash(tenant, NameTweak);
        return hash.Hash(value, tweak ^ (ulong)scope);
    }
}
