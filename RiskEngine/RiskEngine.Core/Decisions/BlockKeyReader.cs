using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Decisions;

/// <summary>What an entry is for, which decides what may be named.</summary>
public enum EntryPurpose : byte
{
    /// <summary>A block: no private address, no range that is too wide.</summary>
    Block,

    /// <summary>A block by somebody who said that wide ranges are meant.</summary>
    WideBlock,

    /// <summary>An allow entry: private addresses too, and no range that is most of the world.</summary>
    Allow,

    /// <summary>An entry that is stored already: anything that can be named.</summary>
    Stored,
}

/// <summary>What somebody named, in canonical spelling, and the key it is found by.</summary>
public readonly record struct KeyedEntry(BlockScope Scope, string Value, BlockKey Key);

/// <summary>Reads what people and programs name in blocks and allow entries.</summary>
/// <remarks>Immutable and thread-safe. Subjects are named as assessments show them: by id, or by name where the source knows no id.</remarks>
public sealed class BlockKeyReader(KeyedHash hash)
{
    /// <summary>Widest IPv4 and IPv6 ranges that a block takes without further words.</summary>
    public const int WidestIPv4 = 9, WidestIPv6 = 33;

    /// <summary>Widest IPv4 and IPv6 ranges that an allow entry takes.</summary>
    public const int WidestAllowedIPv4 = 8, WidestAllowedIPv6 = 16;

    private const int LongestName = 512;

    private static readonly AddressPrefix AllIPv4 = Networks.Parse("0.0.0.0/0");

    /// <param name="text">An address, a network, "AS64500" or "64500", a country code, a subject, a session's hash, "subject@address".</param>
    /// <param name="tenant">Whose subject it is; ignored for what is the same for all tenants.</param>
    /// <param name="error">What is wrong and what to write instead; null when it is right.</param>
    public bool TryParse(BlockScope scope, string text, string tenant, EntryPurpose purpose, out KeyedEntry entry, out string? error)
    {
        entry = default;
        var value = text.Trim();
        if (value.Length == 0 || value.Length > LongestName || value.Any(char.IsControl))
        {
            error = $"a {scope.Name()} is named by 1 to {LongestName} printable characters";
            return false;
        }

        (entry, error) = scope switch
        {
            BlockScope.Ip => ParseAddress(value, purpose),
            BlockScope.Range => ParseRange(value, purpose),
            BlockScope.Asn => ParseAsn(value),
            BlockScope.Country => ParseCountry(value),
            BlockScope.Subject => (new KeyedEntry(scope, value, new BlockKey(SubjectKey(tenant, value))), null),
            BlockScope.Session => ParseSession(value),
            _ => ParsePair(value, tenant, purpose),
        };
        return error is null;
    }

    /// <summary>Whether an entry would hit an address: what protects the operator's own.</summary>
    public static bool Covers(in KeyedEntry entry, IpAddress address) => entry.Scope switch
    {
        BlockScope.Ip => entry.Key.Key == BlockTable.KeyOf(address),
        BlockScope.Range => Networks.Around(new IpAddress((ulong)(entry.Key.Key >> 64), (ulong)entry.Key.Key), (byte)entry.Key.PrefixLength).Contains(address),
        _ => false,
    };

    private static (KeyedEntry Entry, string? Error) ParseAddress(string text, EntryPurpose purpose)
    {
        if (text.Contains('/')) return (default, $"\"{text}\" is a network; use the scope range");
        if (!IpAddress.TryParse(text, out var address) || address.IsUnknown) return (default, $"\"{text}\" is not an IP address");
        if (RefusedAddress(address, purpose) is { } refused) return (default, refused);
        return (new KeyedEntry(BlockScope.Ip, address.ToString(), new BlockKey(BlockTable.KeyOf(address))), null);
    }

    private static (KeyedEntry Entry, string? Error) ParseRange(string text, EntryPurpose purpose)
    {
        if (!Networks.TryParse(text, out var range, out var error)) return (default, error);
        var widest = range.IsIPv4 ? WidestIPv4 : WidestIPv6;
        if (purpose is EntryPurpose.Block or EntryPurpose.WideBlock && SpecialRanges.Within(range) is { } special) return (default, $"{range} holds {special}, which is never blocked");
        var widestAllowed = range.IsIPv4 ? WidestAllowedIPv4 : WidestAllowedIPv6;
        if (purpose != EntryPurpose.Stored && !range.IsIPv4 && range.Overlaps(AllIPv4)) return (default, $"{range} holds ::ffff:0:0/96, where IPv4 is kept; name the networks that are meant, those of IPv4 as 203.0.113.0/24");
        if (purpose == EntryPurpose.Allow && range.WrittenLength() < widestAllowed) return (default, $"{range} is wider than /{widestAllowed}, which lets most of the world pass; name the networks that are meant");
        if (purpose == EntryPurpose.Block && range.WrittenLength() < widest) return (default, $"{range} is wider than /{widest}; name a narrower range, or say that a wide one is meant");
        return (new KeyedEntry(BlockScope.Range, range.ToString(), new BlockKey(range.Start, range.Length)), null);
    }

    private static (KeyedEntry Entry, string? Error) ParseAsn(string text)
    {
        var digits = text.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.All(char.IsAsciiDigit) && uint.TryParse(digits, out var number) && number > 0
            ? (new KeyedEntry(BlockScope.Asn, $"AS{number}", new BlockKey(BlockTable.KeyOf(number))), null)
            : (default, $"\"{text}\" is not the number of an autonomous system such as AS64500 or 64500");
    }

    private static (KeyedEntry Entry, string? Error) ParseCountry(string text) => Countries.TryParse(text, out var country, out var error)
        ? (new KeyedEntry(BlockScope.Country, country.ToString(), new BlockKey(BlockTable.KeyOf(country))), null)
        : (default, error);

    private static (KeyedEntry Entry, string? Error) ParseSession(string text) =>
        text.Length == 32 && UInt128.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var session) && session != 0
            ? (new KeyedEntry(BlockScope.Session, session.ToString("x32"), new BlockKey(session)), null)
            : (default, "a session is named by its hash of 32 hexadecimal digits, as assessments show it; ids of sessions are not kept");

    private (KeyedEntry Entry, string? Error) ParsePair(string text, string tenant, EntryPurpose purpose)
    {
        var at = text.LastIndexOf('@');
        if (at < 1 || !IpAddress.TryParse(text[(at + 1)..], out var address) || address.IsUnknown) return (default, $"\"{text}\" is not a pair such as jane@203.0.113.7");
        if (RefusedAddress(address, purpose) is { } refused) return (default, refused);
        var name = text[..at];
        return (new KeyedEntry(BlockScope.Pair, $"{name}@{address}", new BlockKey(StateKeys.Pair(hash, SubjectKey(tenant, name), address))), null);
    }

    private static string? RefusedAddress(IpAddress address, EntryPurpose purpose)
    {
        var scope = AddressScopes.Of(address);
        return purpose is EntryPurpose.Allow or EntryPurpose.Stored || scope == AddressScope.Public ? null : $"{address} is not a public address and is never blocked";
    }

    private UInt128 SubjectKey(string tenant, string subject) =>
        StateKeys.Subject(hash, System.Text.Encoding.UTF8.GetBytes(tenant), System.Text.Encoding.UTF8.GetBytes(subject), default);
}
