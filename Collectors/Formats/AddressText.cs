using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Reads the address of an event and says what stands there when it is none.</summary>
internal static class AddressText
{
    /// <summary>Reads an address; empty text is an unknown one.</summary>
    /// <param name="problem">What stands there instead and what to give, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address, out string problem)
    {
        problem = "";
        address = default;
        if (text.IsEmpty || IpAddress.TryParse(text, out address)) return true;
        problem = Describe(text);
        return false;
    }

    private static string Describe(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)',')) return "a list of addresses, as in X-Forwarded-For; give only the one that the last trusted proxy saw";
        if (text.Contains((byte)'%')) return "an address with a zone; give the address alone";
        if (text.Contains((byte)'/')) return "a network; give one address";
        if (HasPort(text)) return "an address with a port; give the address alone";
        if (text[0] == '[') return "an address in brackets; give the address alone";
        return "not an IP address";
    }

    private static bool HasPort(ReadOnlySpan<byte> text)
    {
        var colon = text.LastIndexOf((byte)':');
        if (colon <= 0 || !TimeText.TryDigits(text[(colon + 1)..], out _)) return false;
        var host = text[..colon];
        return (host[0] == '[' && host[^1] == ']') || (!host.Contains((byte)':') && IpAddress.TryParse(host, out _));
    }
}
