using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Finds the key of a block from its scope and its value.</summary>
/// <remarks>Pure and thread-safe. A subject is taken for an id, since its value does not tell an id from a name; give the key where it is a name.</remarks>
public static class BlockKeys
{
    /// <returns>False where the value is none that its scope can have.</returns>
    public static bool TryFind(Block block, KeyedHash hash, out BlockKey key)
    {
        var found = block.Scope switch
        {
            BlockScope.Ip => Address(block.Value) is { } address ? new BlockKey(BlockTable.KeyOf(address)) : null,
            BlockScope.Range => Range(block.Value),
            BlockScope.Asn => Asn(block.Value),
            BlockScope.Country => CountryCode.Parse(block.Value) is { IsKnown: true } country ? new BlockKey(BlockTable.KeyOf(country)) : null,
            BlockScope.Subject => new BlockKey(Subject(block.Tenant, block.Value, hash)),
            BlockScope.Session => UInt128.TryParse(block.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var session) ? new BlockKey(session) : null,
            BlockScope.Pair => Pair(block, hash),
            _ => (BlockKey?)null,
        };
        key = found.GetValueOrDefault();
        return found is not null;
    }

    private static IpAddress? Address(string text) => IpAddress.TryParse(text, out var address) && !address.IsUnknown ? address : null;

    private static BlockKey? Range(string value)
    {
        var slash = value.IndexOf('/');
        if (slash < 0 || Address(value[..slash]) is not { } address) return null;
        if (!byte.TryParse(value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return null;
        if (length > (address.IsIPv4 ? 32 : 128)) return null;
        var bits = address.IsIPv4 ? length + 96 : length;
        return new BlockKey(BlockTable.KeyOf(address) & BlockTable.Mask(bits), bits);
    }

    private static BlockKey? Asn(string value)
    {
        var digits = value.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? value.AsSpan(2) : value;
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new BlockKey(BlockTable.KeyOf(number)) : null;
    }

    private static BlockKey? Pair(Block block, KeyedHash hash)
    {
        var at = block.Value.LastIndexOf('@');
        if (at < 0 || Address(block.Value[(at + 1)..]) is not { } address) return null;
        return new BlockKey(StateKeys.Pair(hash, Subject(block.Tenant, block.Value[..at], hash), address));
    }

    private static UInt128 Subject(string tenant, string value, KeyedHash hash) =>
        StateKeys.Subject(hash, Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(value), []);
}
