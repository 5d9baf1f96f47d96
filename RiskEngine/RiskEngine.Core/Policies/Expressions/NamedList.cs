using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>A list of <c>lists</c> in a policy: texts, whole numbers, or networks where an entry looks like one.</summary>
/// <param name="Name">What it is called behind <c>lists.</c></param>
/// <param name="Items">Constants of one type.</param>
/// <param name="Element">Their type.</param>
/// <param name="Until">When it ends: from then on nothing is in it. Null for never.</param>
internal sealed record NamedList(string Name, IReadOnlyList<ConstantExpression> Items, ExpressionType Element, EventTime? Until)
{
    /// <summary>Entries of one list.</summary>
    public const int MaximumEntries = 100_000;

    /// <summary>Reads the entries of a list; null where any is wrong.</summary>
    /// <param name="faults">What is wrong, by the number of the entry.</param>
    public static NamedList? TryRead(string name, IReadOnlyList<string> entries, EventTime? until, List<(int Entry, string Message)> faults)
    {
        var before = faults.Count;
        if (entries.Count > MaximumEntries)
        {
            faults.Add((MaximumEntries, $"a list has at most {MaximumEntries} entries, found {entries.Count}; feeds are made for more"));
            return null;
        }

        if (entries.Count > 0 && entries.All(entry => long.TryParse(entry, out _)))
            return new NamedList(name, [.. entries.Select(entry => ConstantExpression.Of(long.Parse(entry)))], ExpressionType.Int, until);
        if (!entries.Any(LooksLikeNetwork)) return new NamedList(name, [.. entries.Select(ConstantExpression.Of)], ExpressionType.Text, until);

        List<ConstantExpression> networks = [];
        for (var i = 0; i < entries.Count; i++)
        {
            if (Networks.TryParse(entries[i], out var network, out var error)) networks.Add(ConstantExpression.Of(network));
            else faults.Add((i, error + (LooksLikeNetwork(entries[i]) ? "" : "; the other entries of this list are networks")));
        }

        return faults.Count == before ? new NamedList(name, networks, ExpressionType.Cidr, until) : null;
    }

    private static bool LooksLikeNetwork(string entry) => IpAddress.TryParse(entry.Split('/')[0], out var address) && !address.IsUnknown && (entry.Contains('.') || entry.Contains(':'));
}
