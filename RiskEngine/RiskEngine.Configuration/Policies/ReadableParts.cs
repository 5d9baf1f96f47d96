using System.Globalization;
using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>What is left of a file where some of it could not be read, so that the rest is checked too and all faults are told at once.</summary>
internal static class ReadableParts
{
    /// <summary>The tree without what faults name: an entry of a list gives way to a stand-in, so that others keep their numbers; anything else goes.</summary>
    /// <param name="list">The key of the list whose entries stand in.</param>
    /// <param name="standIn">What stands in for an entry, by the entry and its number.</param>
    public static MappingNode Of(MappingNode root, IEnumerable<string> faulty, string list, Func<Node, int, Node> standIn)
    {
        var entries = new Dictionary<string, Node>(root.Entries);
        foreach (var key in faulty)
        {
            var name = key.Split('.', '[')[0];
            if (IndexIn(key, list) is { } index && entries.GetValueOrDefault(list) is SequenceNode sequence && index < sequence.Items.Count)
                entries[list] = sequence with { Items = [.. sequence.Items.Select((item, i) => i == index ? standIn(item, i) : item)] };
            else if (name == "lists" && key.Split('.') is [_, var named, ..] && entries.GetValueOrDefault("lists") is MappingNode lists && lists.Entries.TryGetValue(named, out var node))
                entries["lists"] = lists with { Entries = new Dictionary<string, Node>(lists.Entries) { [named] = new MappingNode(node.Place, new Dictionary<string, Node>()) } };
            else entries.Remove(name);
        }

        return root with { Entries = entries };
    }

    /// <summary>The number in a key such as <c>rules[2].when</c>; null where it names no entry of that list.</summary>
    public static int? IndexIn(string key, string list)
    {
        if (!key.StartsWith(list + "[", StringComparison.Ordinal)) return null;
        var (start, end) = (list.Length + 1, key.IndexOf(']'));
        return end >= start && int.TryParse(key.AsSpan(start..end), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    /// <summary>A section with those of some keys that an entry has as single values, and with some values of its own.</summary>
    public static MappingNode Section(Node entry, IReadOnlyList<string> kept, params ReadOnlySpan<(string Key, string Value)> given)
    {
        Dictionary<string, Node> entries = [];
        foreach (var (key, value) in given) entries[key] = new ScalarNode(entry.Place, value, IsPlain: true);
        foreach (var key in kept)
        {
            if (entry is MappingNode section && section.Entries.GetValueOrDefault(key) is ScalarNode { IsNothing: false } node) entries[key] = node;
        }

        return new MappingNode(entry.Place, entries);
    }
}
