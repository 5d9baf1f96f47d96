using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>Keys that the contract names and this version does not have: refused by name, so that nobody believes they work.</summary>
internal static class UnavailableKeys
{
    private static readonly string[] Keys = ["redis", "postgres"];

    /// <summary>The tree without them, each one that was set a fault.</summary>
    public static MappingNode Refuse(MappingNode root, FaultList faults) => Refuse(root, "", faults);

    private static MappingNode Refuse(MappingNode section, string key, FaultList faults)
    {
        var entries = new Dictionary<string, Node>(section.Entries);
        foreach (var (name, node) in section.Entries)
        {
            var child = key.Length == 0 ? name : $"{key}.{name}";
            if (Keys.Contains(child))
            {
                faults.Add(node.Place, child, "not available in this version; remove it");
                entries.Remove(name);
            }
            else if (node is MappingNode inner && Keys.Any(known => known.StartsWith(child + '.', StringComparison.Ordinal)))
            {
                entries[name] = Refuse(inner, child, faults);
            }
        }

        return section with { Entries = entries };
    }
}
