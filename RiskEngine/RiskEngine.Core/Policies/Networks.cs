using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>Networks as people name them: CIDR notation with errors that say what to write instead.</summary>
public static class Networks
{
    private static readonly AddressPrefix Translated = new(new IpAddress(0x0064_FF9B_0000_0000, 0), 96);

    /// <summary>Reads "203.0.113.0/24", "2001:db8::/32" or a single address.</summary>
    /// <param name="error">What is wrong, with the right network where bits beyond the prefix are set; null when it is right.</param>
    public static bool TryParse(string text, out AddressPrefix network, out string? error)
    {
        error = null;
        if (!AddressPrefix.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out network, out var hostBits))
        {
            error = $"\"{text}\" is not a network such as 203.0.113.0/24 or 2001:db8::/32";
        }
        else if (hostBits)
        {
            error = $"\"{text}\" has bits set beyond its prefix; the network is {network}";
        }
        else if (network == Translated)
        {
            error = $"\"{text}\" is where translators put all of IPv4, and addresses from there are read as IPv4; name the IPv4 network that is meant";
        }

        return error is null;
    }

    /// <summary>Reads a network that is known to be one, as in code and tests.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static AddressPrefix Parse(string text) => TryParse(text, out var network, out var error) ? network : throw new FormatException(error);

    /// <summary>The network of that many bits, counted in 128, around an address.</summary>
    public static AddressPrefix Around(IpAddress address, byte length)
    {
        var first = new UInt128(address.High, address.Low) & (length == 0 ? 0 : UInt128.MaxValue << (128 - length));
        return new AddressPrefix(new IpAddress((ulong)(first >> 64), (ulong)first), length);
    }

    /// <summary>Whether two networks have any address in common: then one holds the other.</summary>
    public static bool Overlaps(this AddressPrefix network, AddressPrefix other) => network.Start <= other.End && other.Start <= network.End;

    /// <summary>Bits of the prefix as they are written: 0 to 32 for IPv4.</summary>
    public static int WrittenLength(this AddressPrefix network) => network.IsIPv4 ? network.Length - 96 : network.Length;
}
