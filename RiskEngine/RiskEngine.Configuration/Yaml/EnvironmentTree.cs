namespace RiskEngine.Configuration.Yaml;

/// <summary>Builds nodes from environment variables and lays them over those of a file.</summary>
/// <remarks>
/// <c>RISKENGINE__POLICY__MODE</c> is <c>policy.mode</c>, in any case of letters; <c>RISKENGINE__GEO__CITY__0</c> is the first of a list, which
/// may also be written as one value with commas. A list from the environment replaces the file's. An empty value counts as not set.
/// </remarks>
internal static class EnvironmentTree
{
    public const string Prefix = "RISKENGINE__";

    public static MappingNode Build(IEnumerable<KeyValuePair<string, string>> environment, FaultList faults)
    {
        var root = new Branch("environment");
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || value.Length == 0) continue;
            Add(root, name, value, faults);
        }

        return new MappingNode(new Place("environment", 0, 0), root.Children.ToDictionary(child => child.Key, child => ToNode(child.Value, child.Key, faults)));
    }

    /// <summary>The lower tree with everything that the upper one says in its place.</summary>
    public static MappingNode Overlay(MappingNode lower, MappingNode upper)
    {
        var entries = new Dictionary<string, Node>(lower.Entries);
        foreach (var (key, node) in upper.Entries)
        {
            entries[key] = node is MappingNode section && entries.GetValueOrDefault(key) is MappingNode below ? Overlay(below, section) : node;
        }

        return lower with { Entries = entries };
    }

    private static void Add(Branch root, string name, string value, FaultList faults)
    {
        var branch = root;
        foreach (var part in name[Prefix.Length..].ToLowerInvariant().Split("__"))
        {
            if (!branch.Children.TryGetValue(part, out var child)) branch.Children[part] = child = new Branch(name);
            branch = child;
        }

        if (branch.Value is not null) faults.Add(new Place(name, 0, 0), "", "set twice, in different cases of letters; remove one");
        branch.Value = value;
    }

    private static Node ToNode(Branch branch, string key, FaultList faults)
    {
        var place = new Place(branch.Name, 0, 0);
        if (branch.Children.Count == 0) return new ScalarNode(place, branch.Value ?? "", IsPlain: true);
        if (branch.Value is not null) faults.Add(place, key, "set both as one value and by parts; remove one");
        if (!branch.Children.Keys.All(part => part.All(char.IsAsciiDigit)))
        {
            return new MappingNode(place, branch.Children.ToDictionary(child => child.Key, child => ToNode(child.Value, child.Key, faults)));
        }

        var items = branch.Children.OrderBy(child => child.Key.Length).ThenBy(child => child.Key, StringComparer.Ordinal).ToList();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Key != i.ToString()) faults.Add(new Place(items[i].Value.Name, 0, 0), key, $"lists count from 0 without gaps; number {i} is missing");
        }

        return new SequenceNode(place, [.. items.Select(item => ToNode(item.Value, item.Key, faults))]);
    }

    private sealed class Branch(string name)
    {
        public string Name { get; } = name;

        public string? Value { get; set; }

        public Dictionary<string, Branch> Children { get; } = [];
    }
}
