namespace RiskEngine.Core.Events;

/// <summary>A country by its ISO 3166-1 alpha-2 code. The default value means "unknown".</summary>
/// <param name="Value">The two upper-case ASCII letters as a big-endian number, or zero.</param>
public readonly record struct CountryCode(ushort Value)
{
    public bool IsKnown => Value != 0;

    /// <summary>Reads two letters, in either case. Anything else, also "-" and "", gives the unknown country.</summary>
    public static CountryCode Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length != 2) return default;
        var first = utf8[0] & ~0x20;
        var second = utf8[1] & ~0x20;
        return first is >= 'A' and <= 'Z' && second is >= 'A' and <= 'Z' ? new CountryCode((ushort)((first << 8) | second)) : default;
    }

    public static CountryCode Parse(string text) => text.Length == 2 ? Parse([(byte)text[0], (byte)text[1]]) : default;

    public override string ToString() => IsKnown ? $"{(char)(Value >> 8)}{(char)(Value & 0xFF)}" : "";
}
