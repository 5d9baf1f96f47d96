using System.Buffers.Binary;

namespace RiskEngine.Core.Events;

/// <summary>An IPv4 or IPv6 address as one 128-bit number; IPv4 is kept as IPv4-mapped IPv6. The default value means "unknown".</summary>
/// <remarks>
/// Immutable and thread-safe. <c>::</c> and <c>255.255.255.255</c> are what sources write for "unknown"; both read as the default value.
/// What a translator made of an IPv4 address by its well-known prefix, 64:ff9b::/96 (RFC 6052, section 2.1), reads as that IPv4 address: all of IPv4 lies
/// within one /64 there, and would be counted as one subscriber. 6to4, Teredo and prefixes of one's own stay IPv6: what they embed is a claim of the sender.
/// </remarks>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;
    private const ulong TranslatedPrefix = 0x0064_FF9B_0000_0000;

    /// <summary>Gets whether the address is not known.</summary>
    public bool IsUnknown => High == 0 && Low == 0;

    public bool IsIPv4 => High == 0 && (Low >> 32) == 0xFFFF;

    /// <summary>Gets the 32 bits of an IPv4 address; meaningless for others.</summary>
    public uint IPv4 => (uint)Low;

    /// <summary>Gets what an address is counted by: itself for IPv4, its /64 for IPv6 (one subscriber holds a whole /64).</summary>
    public ulong Unit => IsIPv4 ? Low : High;

    /// <summary>Gets the network next to it: /24 for IPv4, /48 for IPv6. Distinct from every <see cref="Unit"/>'s meaning, not from its values.</summary>
    public ulong Network => IsIPv4 ? Low & 0xFFFF_FFFF_FFFF_FF00 : High & 0xFFFF_FFFF_FFFF_0000;

    public static IpAddress FromIPv4(uint address) => new(0, MappedPrefix | address);

    /// <summary>Reads one address and nothing else: no port, no zone, no list, no leading zeros in IPv4.</summary>
    /// <returns>False where the text is anything else; "unknown" spellings succeed and give the default value.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out IpAddress address)
    {
        if (!TryParseAsWritten(utf8, out address)) return false;
        address = address.Untranslated;
        if (address is { IsIPv4: true, IPv4: uint.MaxValue }) address = default;
        return true;
    }

    public static bool TryParse(string? text, out IpAddress address)
    {
        address = default;
        return text is { Length: > 0 and <= 45 } && TryParse(System.Text.Encoding.UTF8.GetBytes(text), out address);
    }

    /// <summary>Reads an address that is known to be one, as in code and tests.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IpAddress Parse(string text) => TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <param name="bytes">Four or sixteen bytes in network order.</param>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new IpAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])).Untranslated;

    /// <summary>Writes the sixteen bytes in network order, IPv4 as IPv4-mapped.</summary>
    public void WriteBytes(Span<byte> sixteen)
    {
        BinaryPrimitives.WriteUInt64BigEndian(sixteen, High);
        BinaryPrimitives.WriteUInt64BigEndian(sixteen[8..], Low);
    }

    /// <summary>Writes the address as text (RFC 5952) and returns its length; nothing for an unknown address.</summary>
    /// <param name="utf8">At least 45 bytes.</param>
    public int Format(Span<byte> utf8)
    {
        if (IsUnknown) return 0;
        if (IsIPv4)
        {
            var at = 0;
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                var octet = (byte)(IPv4 >> shift);
                octet.TryFormat(utf8[at..], out var digits);
                at += digits;
                if (shift > 0) utf8[at++] = (byte)'.';
            }

            return at;
        }

        return IPv6Text.Format(new UInt128(High, Low), utf8);
    }

    public int CompareTo(IpAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[64];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Gets the IPv4 address within 64:ff9b::/96; any other address as it is.</summary>
    private IpAddress Untranslated => High == TranslatedPrefix && Low >> 32 == 0 ? FromIPv4((uint)Low) : this;

    /// <summary>Reads an address to the bit, as networks and bounds of ranges need it: "unknown" and translated ones are what is written.</summary>
    internal static bool TryParseAsWritten(ReadOnlySpan<byte> utf8, out IpAddress address)
    {
        address = default;
        if (TryParseIPv4(utf8, out var v4))
        {
            address = FromIPv4(v4);
            return true;
        }

        if (utf8.Length is < 2 or > 45 || utf8.IndexOf((byte)':') < 0 || !IPv6Text.TryParse(utf8, out var number)) return false;
        address = new IpAddress((ulong)(number >> 64), (ulong)number);
        return true;
    }

    internal static bool TryParseIPv4(ReadOnlySpan<byte> utf8, out uint address)
    {
        address = 0;
        if (utf8.Length is < 7 or > 15) return false;
        int octet = -1, octets = 0;
        foreach (var c in utf8)
        {
            if (c == '.')
            {
                if (octet < 0 || ++octets > 3) return false;
                address = (address << 8) | (uint)octet;
                octet = -1;
            }
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (octet == 0) return false;
                octet = octet < 0 ? c - '0' : (octet * 10) + c - '0';
                if (octet > 255) return false;
            }
            else
            {
                return false;
            }
        }

        if (octets != 3 || octet < 0) return false;
        address = (address << 8) | (uint)octet;
        return true;
    }
}
