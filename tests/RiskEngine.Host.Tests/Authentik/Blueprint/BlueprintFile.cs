using System.Globalization;
using RiskEngine.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>The key of another entry.</summary>
internal sealed record KeyOf(string Id);

/// <summary>The key of an object that the blueprint does not make.</summary>
internal sealed record Find(string Model);

/// <summary>An entry as authentik would apply it.</summary>
internal sealed record Entry(
    string Model, string? Id, Dictionary<string, object?> Identifiers, Dictionary<string, object?> Attributes, List<Dictionary<string, object?>> Permissions)
{
    public IEnumerable<KeyValuePair<string, object?>> Values => Identifiers.Concat(Attributes);

    public IEnumerable<KeyOf> References => Values.Select(pair => pair.Value).Concat(Permissions.SelectMany(permission => permission.Values)).SelectMany(Flat).OfType<KeyOf>();

    private static IEnumerable<object?> Flat(object? value) => value is List<object?> list ? list : [value];
}

/// <summary>The blueprint, its tags resolved under a context; every <c>!Env</c> is set.</summary>
internal sealed class BlueprintFile
{
    private readonly YamlMappingNode _root;
    private readonly Dictionary<string, object?> _context;

    public BlueprintFile(string text, IReadOnlyDictionary<string, object?>? changes = null)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
        _context = Mapping(_root["context"]);
        foreach (var (key, value) in changes ?? new Dictionary<string, object?>())
        {
            Assert.True(_context.ContainsKey(key), key);
            _context[key] = value;
        }

        Entries = [.. ((YamlSequenceNode)_root["entries"]).Children.Cast<YamlMappingNode>().Where(IsThere).Select(Read)];
    }

    public static string Text { get; } = File.ReadAllText(RepositoryRoot.Path("deploy", "authentik", "riskengine.yaml"));

    public static BlueprintFile Default { get; } = new(Text);

    /// <summary>Gets the switches that are off or on by themselves.</summary>
    public static string[] Switches { get; } = [.. Default._context.Where(pair => pair.Value is bool).Select(pair => pair.Key)];

    public IReadOnlyDictionary<string, object?> Context => _context;

    public List<Entry> Entries { get; }

    /// <summary>By itself, with each switch the other way, and with all of them on.</summary>
    public static IEnumerable<BlueprintFile> All =>
        [Default, .. Switches.Select(Switched), new(Text, Switches.ToDictionary(name => name, _ => (object?)true))];

    public static BlueprintFile Switched(string name) => new(Text, new Dictionary<string, object?> { [name] = !(bool)Default.Context[name]! });

    public Entry this[string id] => Entries.Single(entry => entry.Id == id);

    public IEnumerable<Entry> Of(string model) => Entries.Where(entry => entry.Model == model);

    private bool IsThere(YamlMappingNode entry)
    {
        var conditions = entry.Children.TryGetValue("conditions", out var given) ? (List<object?>)Resolve(given)! : [];
        return conditions.TrueForAll(IsTrue) && !(entry.Children.TryGetValue("state", out var state) && Equals(Resolve(state), "absent"));
    }

    private Entry Read(YamlMappingNode entry) => new(
        ((YamlScalarNode)entry["model"]).Value!,
        entry.Children.TryGetValue("id", out var id) ? ((YamlScalarNode)id).Value : null,
        entry.Children.TryGetValue("identifiers", out var identifiers) ? Mapping(identifiers) : [],
        entry.Children.TryGetValue("attrs", out var attributes) ? Mapping(attributes) : [],
        entry.Children.TryGetValue("permissions", out var permissions) ? [.. ((List<object?>)Resolve(permissions)!).Cast<Dictionary<string, object?>>()] : []);

    private Dictionary<string, object?> Mapping(YamlNode node) => ((YamlMappingNode)node).Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => Resolve(pair.Value));

    private object? Resolve(YamlNode node) => node switch
    {
        _ when !node.Tag.IsEmpty && node.Tag.IsLocal => Tagged(node.Tag.Value, node),
        YamlMappingNode => Mapping(node),
        YamlSequenceNode list => list.Children.Select(Resolve).ToList(),
        YamlScalarNode { Style: not ScalarStyle.Plain } text => text.Value,
        YamlScalarNode { Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode plain when long.TryParse(plain.Value, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode plain => plain.Value,
        _ => throw new InvalidOperationException(node.ToString()),
    };

    private object? Tagged(string tag, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } name })
        {
            return tag switch { "!Context" => _context[name], "!Env" => $"value of {name}", "!KeyOf" => new KeyOf(name), _ => throw new InvalidOperationException(tag) };
        }

        var parts = ((YamlSequenceNode)node).Children.Select(Resolve).ToList();
        return tag switch
        {
            "!If" => parts[IsTrue(parts[0]) ? 1 : 2],
            "!Find" => new Find((string)parts[0]!),
            "!Format" => parts.Skip(1).Aggregate((string)parts[0]!, Filled),
            _ => throw new InvalidOperationException(tag),
        };
    }

    private static string Filled(string format, object? value)
    {
        var at = format.IndexOf('%', StringComparison.Ordinal);
        return $"{format[..at]}{(format[at + 1] == 'r' ? $"'{value}'" : value)}{format[(at + 2)..]}";
    }

    private static bool IsTrue(object? value) => value is true || value is string { Length: > 0 };
}
