using System.Buffers.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>A network: all addresses that share their first bits.</summary>
/// <param name="First">Its first address; bits beyond the length are zero.</param>
/// <param name="Length">0 to 128; of IPv4 at least 96, since IPv4 is kept as IPv4-mapped IPv6.</param>
public readonly record struct AddressPrefix(IpAddress First, byte Length)
{
    /// <summary>Gets whether it holds IPv4 addresses, and only those.</summary>
    public bool IsIPv4 => Length >= 96 && First.IsIPv4;

    /// <summary>Gets the first address as one number.</summary>
    public UInt128 Start => new(First.High, First.Low);

    /// <summary>Gets the last address as one number.</summary>
    public UInt128 End => Start | Below(Length);

    public bool Contains(in IpAddress address)
    {
        var number = new UInt128(address.High, address.Low);
        return number >= Start && number <= End && address.IsIPv4 == IsIPv4;
    }

    private static readonly UInt128 Translated = new(0x0064_FF9B_0000_0000, 0), Mapped = new(0, 0x0000_FFFF_0000_0000);

    /// <summary>Reads an address, or an address, a slash and a length. IPv4-mapped IPv6 of /96 and longer is IPv4, and so is what is longer within 64:ff9b::/96.</summary>
    /// <remarks>64:ff9b::/96 itself stays what it is, for it would be all of IPv4; no address is read as one within it, so it holds none (RFC 6052).</remarks>
    /// <param name="utf8">The text and nothing around it.</param>
    /// <param name="prefix">What it says; with <paramref name="hostBits"/>, the network around the address.</param>
    /// <param name="hostBits">Whether bits beyond the length were set: the text names an address within a network, so it is unclear which was meant.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out AddressPrefix prefix, out bool hostBits)
    {
        prefix = default;
        hostBits = false;
        var slash = utf8.IndexOf((byte)'/');
        var text = slash < 0 ? utf8 : utf8[..slash];
        if (!IpAddress.TryParseAsWritten(text, out var address)) return false;
        var isIPv4Text = !text.Contains((byte)':');

        var length = 128;
        if (slash >= 0)
        {
            var digits = utf8[(slash + 1)..];
            if (digits.Length is 0 or > 3 || !Utf8Parser.TryParse(digits, out length, out var read) || read != digits.Length) return false;
            if (length < 0 || length > (isIPv4Text ? 32 : 128)) return false;
            if (isIPv4Text) length += 96;
        }

        var number = new UInt128(address.High, address.Low);
        if (length > 96 && (number & ~Below(96)) == Translated) number = Mapped | (uint)number;
        var first = number & ~Below(length);
        hostBits = first != number;
        prefix = new AddressPrefix(new IpAddress((ulong)(first >> 64), (ulong)first), (byte)length);
        return true;
    }

    /// <summary>Canonical text (RFC 5952); what begins at <c>::</c>, which as an address is "unknown", says so.</summary>
    public override string ToString() => IsIPv4 ? $"{First}/{Length - 96}" : First.IsUnknown ? $"::/{Length}" : $"{First}/{Length}";

    private static UInt128 Below(int length) => length == 0 ? UInt128.MaxValue : (UInt128.One << (128 - length)) - 1;
}
