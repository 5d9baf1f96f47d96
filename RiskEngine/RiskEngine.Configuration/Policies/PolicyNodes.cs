using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>Writes what may be written in several ways in the one way that is bound: conditions as texts, lists without keys, lists in files.</summary>
internal static class PolicyNodes
{
    private static readonly string[] ListKeys = ["values", "file", "until"];

    /// <param name="folder">What names of files start from.</param>
    /// <param name="top">The folder below which they lie.</param>
    /// <param name="read">Where files that are read are noted.</param>
    public static MappingNode InOneForm(MappingNode root, string folder, string top, List<string> read, FaultList faults)
    {
        var entries = new Dictionary<string, Node>(root.Entries);
        if (entries.GetValueOrDefault("lists") is MappingNode lists)
            entries["lists"] = lists with { Entries = lists.Entries.ToDictionary(list => list.Key, list => List(list.Value, $"lists.{list.Key}", folder, top, read, faults)) };
        if (entries.GetValueOrDefault("rules") is SequenceNode rules) entries["rules"] = rules with { Items = [.. rules.Items.Select(Rule)] };
        return root with { Entries = entries };
    }

    /// <summary>Puts the entries of lists in the place of <c>lists.NAME</c> under trusted networks.</summary>
    public static MappingNode ResolveTrusted(MappingNode root, FaultList faults)
    {
        if (root.Entries.GetValueOrDefault("trusted_networks") is not SequenceNode trusted) return root;
        var lists = root.Entries.GetValueOrDefault("lists") as MappingNode;
        var resolved = trusted.Items.Select(item => item is MappingNode entry && entry.Entries.TryGetValue("networks", out var networks)
            ? entry with { Entries = new Dictionary<string, Node>(entry.Entries) { ["networks"] = Resolve(networks, lists, faults) } }
            : item);
        return root with { Entries = new Dictionary<string, Node>(root.Entries) { ["trusted_networks"] = trusted with { Items = [.. resolved] } } };
    }

    private static Node Rule(Node node) => node is MappingNode rule && rule.Entries.GetValueOrDefault("when") is ScalarNode { IsNothing: false } when
        ? rule with { Entries = new Dictionary<string, Node>(rule.Entries) { ["when"] = new MappingNode(when.Place, new Dictionary<string, Node> { ["expression"] = when }) } }
        : node;

    private static Node List(Node node, string key, string folder, string top, List<string> read, FaultList faults)
    {
        if (node is SequenceNode or ScalarNode { IsNothing: false }) return new MappingNode(node.Place, new Dictionary<string, Node> { ["values"] = node });
        if (node is not MappingNode list) return node;
        var entries = new Dictionary<string, Node>(list.Entries);
        foreach (var (name, unknown) in list.Entries.Where(entry => !ListKeys.Contains(entry.Key)))
        {
            faults.Add(unknown.Place, $"{key}.{name}", $"unknown key{NearestName.Suggest(name, ListKeys)}");
            entries.Remove(name);
        }

        if (!entries.TryGetValue("file", out var file)) return list with { Entries = entries };
        entries.Remove("file");
        if (entries.ContainsKey("values")) faults.Add(file.Place, $"{key}.file", "a list has values or a file; remove one");
        else if (file is not ScalarNode { IsNothing: false } named) faults.Add(file.Place, $"{key}.file", $"expected the name of a file, found {file.Describe()}");
        else if (!PolicyFiles.IsBelow(Path.GetFullPath(named.Value, folder), top)) faults.Add(file.Place, $"{key}.file", $"expected a file below {top}, the folder of the policy, found \"{named.Value}\"; copy it there");
        else entries["values"] = Entries(named, key, Path.GetFullPath(named.Value, folder), read, faults);
        return list with { Entries = entries };
    }

    private static SequenceNode Entries(ScalarNode named, string key, string path, List<string> read, FaultList faults)
    {
        if (!read.Contains(path)) read.Add(path);
        if (!File.Exists(path)) faults.Add(named.Place, $"{key}.file", $"there is no such file, found \"{named.Value}\"");
        else if (YamlText.Read(path, faults, "split it into several lists, or make a feed of it (feeds)") is { } text)
        {
            var lines = text.Split('\n').Select((line, i) => new ScalarNode(new Place(named.Value, i + 1, 1), line.Trim(), IsPlain: false));
            return new SequenceNode(named.Place, [.. lines.Where(line => line.Value.Length > 0 && line.Value[0] != '#')]);
        }

        return new SequenceNode(named.Place, []);
    }

    private static Node Resolve(Node networks, MappingNode? lists, FaultList faults)
    {
        if (networks is SequenceNode sequence) return sequence with { Items = [.. sequence.Items.SelectMany(item => Resolve(item, lists, faults) is SequenceNode inner ? inner.Items : [item])] };
        if (networks is not ScalarNode { Value: var text } || !text.StartsWith("lists.", StringComparison.Ordinal)) return networks;
        var name = text["lists.".Length..];
        var list = lists?.Entries.GetValueOrDefault(name) as MappingNode;
        if (list is null) faults.Add(networks.Place, "trusted_networks", $"no list is called \"{name}\"{(lists is null ? "; this policy has none under lists" : NearestName.Suggest(name, [.. lists.Entries.Keys]))}");
        else if (list.Entries.ContainsKey("until")) faults.Add(networks.Place, "trusted_networks", $"lists.{name} has an end, which trusted networks do not know; name one without");
        return list?.Entries.GetValueOrDefault("values") switch
        {
            SequenceNode values => values,
            { } single => new SequenceNode(networks.Place, [single]),
            _ => new SequenceNode(networks.Place, []),
        };
    }
}
