using Microsoft.Extensions.Primitives;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Host.CrowdSec;

/// <summary>Which decisions a bouncer asks for, by the query as the LAPI documents it.</summary>
/// <remarks>Lists are written with commas. A parameter that is not known is refused rather than left out: it would have asked for less. Immutable.</remarks>
internal sealed record DecisionFilter
{
    private const int LongestValue = 1024;

    private static readonly string[] Lists = ["scope", "scopes", "type", "types", "origins", "scenarios_containing", "scenarios_not_containing"];

    /// <summary>What only a LAPI of CrowdSec's own has: decisions of its community and of lists that it subscribes to. We have none, so either answer leaves ours.</summary>
    private static readonly string[] OfTheCommunity = ["additional_pull", "community_pull"];

    private static readonly string[] Others = ["value", "ip", "range", "contains", "simulated", "limit", "offset", "id_gt", "startup", "dedup"];

    /// <summary>Gets what the filter is where nothing is asked: everything, or for a stream addresses and ranges.</summary>
    public bool[] Scopes { get; private init; } = [true, true, true, true];

    /// <summary>Gets whether the only type there is, ban, is asked for.</summary>
    public bool IsBan { get; private init; } = true;

    public string[] Origins { get; private init; } = [];

    public string[] Containing { get; private init; } = [];

    public string[] NotContaining { get; private init; } = [];

    public string? Value { get; private init; }

    /// <summary>Gets the address or range that decisions are to hold, or with <see cref="IsContaining"/> off to lie within.</summary>
    public AddressPrefix? Network { get; private init; }

    public bool IsContaining { get; private init; } = true;

    public int Limit { get; private init; } = int.MaxValue;

    public int Offset { get; private init; }

    public long After { get; private init; }

    /// <summary>Gets whether an order is needed, by id: for pages.</summary>
    public bool IsPaged => Limit < int.MaxValue || Offset > 0 || After > 0;

    /// <summary>Gets whether a bouncer starts anew and wants everything.</summary>
    public bool IsStartup { get; private init; }

    /// <param name="isStream">Whether scopes that are not named are addresses and ranges only.</param>
    /// <returns>The filter, or what is wrong, in words.</returns>
    public static (DecisionFilter? Filter, string? Fault) Read(IQueryCollection query, bool isStream)
    {
        foreach (var (name, values) in query)
        {
            if (name.Length == 0) continue;
            if (!Lists.Contains(name) && !Others.Contains(name) && !OfTheCommunity.Contains(name)) return (null, "there is no such filter: " + string.Join(", ", Lists.Concat(Others)));
            if (values.Sum(value => value?.Length ?? 0) > LongestValue) return (null, $"{name}: longer than {LongestValue} characters");
            if (!Lists.Contains(name) && values.Count > 1) return (null, $"{name}: given twice");
        }

        var scopes = ListOf(query["scopes"], query["scope"]);
        var types = ListOf(query["type"], query["types"]);
        var filter = new DecisionFilter
        {
            Scopes = scopes.Length > 0 ? ScopesOf(scopes) : isStream ? [true, true, false, false] : [true, true, true, true],
            IsBan = types.Length == 0 || types.Contains("ban", StringComparer.OrdinalIgnoreCase),
            Origins = ListOf(query["origins"]),
            Containing = ListOf(query["scenarios_containing"]),
            NotContaining = ListOf(query["scenarios_not_containing"]),
            Value = query["value"] is [{ Length: > 0 } value] ? value : null,
        };
        return filter.WithNumbers(query);
    }

    public bool Takes(BouncerDecision decision)
    {
        if (!IsBan || !Scopes[(int)decision.Key.Scope] || decision.Id <= After && After > 0) return false;
        if (Origins.Length > 0 && !Origins.Contains(decision.OriginName, StringComparer.Ordinal)) return false;
        if (Value is not null && !string.Equals(decision.Key.ToString(), Value, StringComparison.OrdinalIgnoreCase)) return false;
        if (Containing.Length + NotContaining.Length == 0) return true;
        var scenario = decision.Scenario;
        return (Containing.Length == 0 || Array.Exists(Containing, part => scenario.Contains(part, StringComparison.OrdinalIgnoreCase)))
            && !Array.Exists(NotContaining, part => scenario.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] ListOf(params ReadOnlySpan<StringValues> values)
    {
        List<string> items = [];
        foreach (var given in values)
        {
            foreach (var value in given) items.AddRange((value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. items];
    }

    /// <summary>Scopes that we know no decisions of are asked for in vain, not wrongly: <c>username</c> is one.</summary>
    private static bool[] ScopesOf(string[] names)
    {
        var scopes = new bool[4];
        foreach (var name in names)
        {
            if (DecisionKey.TryParseScope(name, out var scope)) scopes[(int)scope] = true;
        }

        return scopes;
    }

    private static bool TryFlag(IQueryCollection query, string name, bool absent, out bool flag)
    {
        flag = absent;
        return query[name] is not [{ Length: > 0 } text] || bool.TryParse(text, out flag);
    }

    private static bool TryNumber(IQueryCollection query, string name, long absent, out long number)
    {
        number = absent;
        return query[name] is not [{ Length: > 0 } text] || (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number) && number >= 0);
    }

    private (DecisionFilter? Filter, string? Fault) WithNumbers(IQueryCollection query)
    {
        if (!TryFlag(query, "startup", false, out var startup)) return (null, "startup: expected true or false");
        foreach (var name in OfTheCommunity)
        {
            if (!TryFlag(query, name, true, out _)) return (null, $"{name}: expected true or false");
        }

        if (!TryFlag(query, "contains", true, out var contains)) return (null, "contains: expected true or false");
        if (!TryNumber(query, "limit", 0, out var limit)) return (null, "limit: expected a number");
        if (!TryNumber(query, "offset", 0, out var offset)) return (null, "offset: expected a number");
        if (!TryNumber(query, "id_gt", 0, out var after)) return (null, "id_gt: expected a number");
        var (ip, range) = (query["ip"].ToString(), query["range"].ToString());
        if (ip.Length > 0 && range.Length > 0) return (null, "give ip or range, not both");
        AddressPrefix? network = null;
        if (ip.Length > 0)
        {
            if (!IpAddress.TryParse(ip, out var address)) return (null, "ip: expected an address");
            network = Networks.Around(address, 128);
        }
        else if (range.Length > 0)
        {
            if (!Networks.TryParse(range, out var wide, out _)) return (null, "range: expected a network such as 203.0.113.0/24");
            network = wide;
        }

        return (this with
        {
            IsStartup = startup, IsContaining = contains, Network = network, After = after,
            Limit = limit is 0 or > int.MaxValue ? int.MaxValue : (int)limit, Offset = (int)Math.Min(offset, int.MaxValue),
        }, null);
    }
}
