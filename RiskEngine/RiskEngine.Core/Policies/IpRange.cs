using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>A network in CIDR notation; IPv4 is kept as IPv4-mapped IPv6. Immutable.</summary>
/// <param name="Network">Its first address; no bit beyond the prefix is set.</param>
/// <param name="PrefixLength">0 to 128; for IPv4 96 more than is written.</param>
public readonly record struct IpRange(UInt128 Network, int PrefixLength)
{
    private const int Mapped = 96;

    public bool IsIPv4 => PrefixLength >= Mapped && (ulong)(Network >> 32) == 0xFFFF;

    /// <summary>Gets the bits as they are written: 0 to 32 for IPv4.</summary>
    public int WrittenLength => IsIPv4 ? PrefixLength - Mapped : PrefixLength;

    /// <summary>The network of that many bits, counted in 128, around an address.</summary>
    public static IpRange Around(IpAddress address, int prefixLength) => new(Bits(address) & Mask(prefixLength), prefixLength);

    public bool Contains(IpAddress address) => !address.IsUnknown && (Bits(address) & Mask(PrefixLength)) == Network;

    /// <summary>Whether the two have any address in common: then one holds the other.</summary>
    public bool Overlaps(IpRange other)
    {
        var mask = Mask(Math.Min(PrefixLength, other.PrefixLength));
        return (Network & mask) == (other.Network & mask);
    }

    /// <summary>Reads "203.0.113.0/24", "2001:db8::/32" or a single address.</summary>
    /// <param name="error">What is wrong, with the right network where bits beyond the prefix are set; null when it is right.</param>
    public static bool TryParse(string text, out IpRange range, out string? error)
    {
        range = default;
        var slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || (address.IsUnknown && text[..Math.Max(slash, 0)] is not ("::" or "0.0.0.0")))
        {
            error = $"\"{text}\" is not a network such as 203.0.113.0/24 or 2001:db8::/32";
            return false;
        }

        var longest = address.IsIPv4 ? 32 : 128;
        if (!TryParseLength(slash < 0 ? null : text[(slash + 1)..], longest, out var length))
        {
            error = $"\"{text}\" needs a prefix length from 0 to {longest} after the slash";
            return false;
        }

        range = Around(address, address.IsIPv4 ? length + Mapped : length);
        var isWhole = range.Network == Bits(address);
        error = isWhole ? null : $"\"{text}\" has bits set beyond its prefix; the network is {range}";
        return isWhole;
    }

    /// <summary>Reads a network that is known to be one, as in code and tests.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IpRange Parse(string text) => TryParse(text, out var range, out var error) ? range : throw new FormatException(error);

    public override string ToString()
    {
        var address = new IpAddress((ulong)(Network >> 64), (ulong)Network);
        return $"{(address.IsUnknown ? "::" : address.ToString())}/{WrittenLength}";
    }

    private static bool TryParseLength(string? text, int longest, out int length)
    {
        length = longest;
        if (text is null) return true;
        return text.Length is 1 or 2 or 3 && text.All(char.IsAsciiDigit) && int.TryParse(text, out length) && length <= longest;
    }

    private static UInt128 Bits(IpAddress address) => new(address.High, address.Low);

    private static UInt128 Mask(int length) => length <= 0 ? 0 : UInt128.MaxValue << (128 - length);
}
