using System.Globalization;
using System.Text.RegularExpressions;
using RiskEngine.Testing;
using YamlDotNet.RepresentationModel;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>authentik's own description of its API, from the npm package <c>@goauthentik/api</c>; fetched by tests/fetch-authentik.sh, not kept here.</summary>
internal sealed class ApiSchema
{
    public static string Path { get; } = RepositoryRoot.Path(".local", "authentik", "schema.yml");

    private static readonly Lazy<ApiSchema> Read = new(() => new ApiSchema());

    private readonly YamlMappingNode _components;
    private readonly YamlMappingNode _schemas;
    private readonly YamlMappingNode _paths;
    private readonly Dictionary<string, string> _requests;

    private ApiSchema()
    {
        using var file = new StreamReader(Path);
        var stream = new YamlStream();
        stream.Load(file);
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        Version = Text(root["info"]["version"]);
        _components = (YamlMappingNode)root["components"];
        _schemas = (YamlMappingNode)_components["schemas"];
        _paths = (YamlMappingNode)root["paths"];
        _requests = _schemas.Children.Keys.Select(Text).Where(name => name.EndsWith("Request", StringComparison.Ordinal)).ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        Operations =
        [
            .. _paths.Children.Values.Cast<YamlMappingNode>()
                .SelectMany(path => path.Children.Values.OfType<YamlMappingNode>())
                .Where(operation => operation.Children.ContainsKey("operationId")).Select(operation => Text(operation["operationId"])),
        ];
    }

    public static ApiSchema Of => Read.Value;

    public string Version { get; }

    public HashSet<string> Operations { get; }

    /// <summary>The names of the parameters that a GET of a path takes; none where there is no such path.</summary>
    public IEnumerable<string> Parameters(string path)
    {
        if (!_paths.Children.TryGetValue(path, out var found) || !((YamlMappingNode)found["get"]).Children.TryGetValue("parameters", out var parameters)) return [];
        return ((YamlSequenceNode)parameters).Children.Cast<YamlMappingNode>()
            .Select(parameter => parameter.Children.TryGetValue("$ref", out var reference) ? (YamlMappingNode)_components["parameters"][Text(reference).Split('/')[^1]] : parameter)
            .Select(parameter => Text(parameter["name"]));
    }

    public bool Has(string schema) => _schemas.Children.ContainsKey(schema);

    public string[] Enumeration(string name) => [.. ((YamlSequenceNode)_schemas[name]["enum"]).Children.Select(Text)];

    /// <summary>What writes an object of a model: the request schema of its class.</summary>
    public YamlMappingNode? Request(string model) =>
        _requests.TryGetValue($"{model[(model.IndexOf('.', StringComparison.Ordinal) + 1)..]}Request", out var name) ? (YamlMappingNode)_schemas[name] : null;

    /// <summary>What is wrong with a value of a property; null for nothing.</summary>
    /// <param name="keyIsInteger">Whether the key that a <see cref="KeyOf"/> stands for is a number.</param>
    public string? Fault(YamlMappingNode property, object? value, Func<KeyOf, bool> keyIsInteger)
    {
        var schema = Resolve(property);
        var type = schema.Children.TryGetValue("type", out var given) ? Text(given) : "";
        if (value is KeyOf or Find)
        {
            var wanted = value is KeyOf key && keyIsInteger(key) ? type == "integer" : type == "string" && schema.Children.TryGetValue("format", out var format) && Text(format) == "uuid";
            return wanted ? null : $"a key does not fit {type}";
        }

        return (type, value) switch
        {
            ("string", string text) => FaultOf(schema, text),
            ("boolean", bool) => null,
            ("integer", long number) => Limit(schema, "minimum", long.MinValue) <= number && number <= Limit(schema, "maximum", long.MaxValue) ? null : $"{number} is out of range",
            ("array", List<object?> list) => list.Select(item => Fault((YamlMappingNode)schema["items"], item, keyIsInteger)).FirstOrDefault(fault => fault is not null),
            ("object", Dictionary<string, object?>) => null,
            _ => $"{value} is no {type}",
        };
    }

    private string? FaultOf(YamlMappingNode schema, string text)
    {
        if (schema.Children.TryGetValue("enum", out var values) && !((YamlSequenceNode)values).Children.Select(Text).Contains(text)) return $"{text} is none of its values";
        if (schema.Children.TryGetValue("pattern", out var pattern) && !Regex.IsMatch(text, Text(pattern))) return $"{text} does not match {Text(pattern)}";
        if (schema.Children.TryGetValue("format", out var format) && Text(format) == "uri" && !Uri.TryCreate(text, UriKind.Absolute, out _)) return $"{text} is no address";
        return Limit(schema, "minLength", 0) <= text.Length && text.Length <= Limit(schema, "maxLength", long.MaxValue) ? null : $"{text} is too short or too long";
    }

    private YamlMappingNode Resolve(YamlMappingNode schema)
    {
        if (schema.Children.TryGetValue("allOf", out var all)) schema = (YamlMappingNode)((YamlSequenceNode)all)[0];
        return schema.Children.TryGetValue("$ref", out var reference) ? (YamlMappingNode)_schemas[Text(reference)[(Text(reference).LastIndexOf('/') + 1)..]] : schema;
    }

    private static long Limit(YamlMappingNode schema, string name, long otherwise) =>
        schema.Children.TryGetValue(name, out var value) ? long.Parse(Text(value), CultureInfo.InvariantCulture) : otherwise;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}

/// <summary>A test on authentik's description of its API; skipped, and counted as skipped, where it was not fetched.</summary>
public sealed class ApiSchemaFactAttribute : FactAttribute
{
    public ApiSchemaFactAttribute()
    {
        if (!File.Exists(ApiSchema.Path)) Skip = "authentik's schema.yml was not fetched (tests/fetch-authentik.sh).";
    }
}
