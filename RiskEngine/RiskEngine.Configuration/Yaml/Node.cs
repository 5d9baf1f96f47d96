using System.Globalization;

namespace RiskEngine.Configuration.Yaml;

/// <summary>Where something was written.</summary>
/// <param name="Source">A file, or an environment variable.</param>
/// <param name="Line">From 1; 0 for an environment variable.</param>
/// <param name="Column">From 1; 0 for an environment variable.</param>
internal readonly record struct Place(string Source, int Line, int Column);

/// <summary>A piece of what was configured, with the place where it was written: that of its key where it has one.</summary>
internal abstract record Node(Place Place);

/// <summary>A single value.</summary>
/// <param name="IsPlain">Whether it was written without quotes: then it may be a number, true, false or nothing.</param>
internal sealed record ScalarNode(Place Place, string Value, bool IsPlain) : Node(Place)
{
    /// <summary>Gets where its characters were written; null where nobody wrote them into a file.</summary>
    public ScalarOrigin? Origin { get; init; }

    public bool IsNothing => IsPlain && Value is "" or "~" or "null";

    public bool IsFromEnvironment => Place.Line == 0;
}

internal sealed record SequenceNode(Place Place, IReadOnlyList<Node> Items) : Node(Place);

/// <summary>Keys in the order they were written, each once.</summary>
internal sealed record MappingNode(Place Place, IReadOnlyDictionary<string, Node> Entries) : Node(Place);

/// <summary>Words and ways about nodes.</summary>
internal static class Nodes
{
    /// <summary>What a node is, for "expected …, found …".</summary>
    public static string Describe(this Node node) => node switch
    {
        ScalarNode { IsNothing: true } => "nothing",
        ScalarNode { IsPlain: false } scalar => $"the text \"{Shorten(scalar.Value)}\"",
        ScalarNode scalar => $"\"{Shorten(scalar.Value)}\"",
        SequenceNode => "a list",
        _ => "a section with keys",
    };

    /// <summary>The place of what a key such as <c>rules[2].when.level</c> names, or of the innermost thing around it that was written.</summary>
    public static Place PlaceOf(this Node root, string key) => root.Find(key).Place;

    /// <summary>What a key names, or the innermost thing around it that was written.</summary>
    public static Node Find(this Node root, string key)
    {
        var node = root;
        foreach (var part in key.Replace("[", ".[").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = node switch
            {
                MappingNode mapping => mapping.Entries.GetValueOrDefault(part),
                SequenceNode sequence when part is ['[', .. var number, ']'] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < sequence.Items.Count => sequence.Items[index],
                _ => null,
            };
            if (next is null) break;
            node = next;
        }

        return node;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
