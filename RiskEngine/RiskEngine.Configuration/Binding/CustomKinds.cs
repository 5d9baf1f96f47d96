using System.Globalization;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Binding;

/// <summary>Types that are written in more than one way: as a single word, or as a section where there is more to say.</summary>
internal static class CustomKinds
{
    private const string SignalForms = "expected the name of a signal, or {code: …, at_least: …}";

    /// <summary>Reads a node as such a type; null, with a fault, where it is none.</summary>
    public delegate object? Reader(Node node, string key, FaultList faults);

    private static readonly Dictionary<Type, Reader> Readers = new()
    {
        [typeof(SignalCondition)] = ReadSignal,
        [typeof(MappedText)] = ReadMapped<MappedText>,
        [typeof(MappedTime)] = ReadMapped<MappedTime>,
        [typeof(MappedKind)] = ReadMapped<MappedKind>,
    };

    public static Reader? Find(Type type) => Readers.GetValueOrDefault(type);

    /// <summary><c>client.ip</c>, which is <c>{from: client.ip}</c>, or a section.</summary>
    private static object? ReadMapped<T>(Node node, string key, FaultList faults)
        where T : class
    {
        var section = node as MappingNode ?? new MappingNode(node.Place, new Dictionary<string, Node> { ["from"] = node });
        return new Binder("", faults).Bind<T>(section, key);
    }

    /// <summary><c>password_spray</c>, or <c>{code: password_spray, at_least: 2.0}</c>.</summary>
    private static object? ReadSignal(Node node, string key, FaultList faults)
    {
        if (node is ScalarNode single) return ReadCode(single, key, faults) is { } only ? new SignalCondition(only) : null;
        if (node is not MappingNode section)
        {
            faults.Add(node.Place, key, $"{SignalForms}, found {node.Describe()}");
            return null;
        }

        foreach (var (name, entry) in section.Entries)
        {
            if (name is not ("code" or "at_least")) faults.Add(entry.Place, $"{key}.{name}", $"unknown key{NearestName.Suggest(name, ["code", "at_least"])}");
        }

        var code = section.Entries.GetValueOrDefault("code") is ScalarNode named ? ReadCode(named, $"{key}.code", faults) : null;
        if (!section.Entries.ContainsKey("code")) faults.Add(section.Place, $"{key}.code", $"is missing; {SignalForms}");
        var least = section.Entries.GetValueOrDefault("at_least");
        var (value, error) = least is ScalarNode number ? ScalarKinds.Read(number, typeof(double)) : (null, least is null ? null : $"expected a number, found {least.Describe()}");
        if (error is not null) faults.Add(least!.Place, $"{key}.at_least", error);
        return code is { } known ? new SignalCondition(known, value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture)) : null;
    }

    private static SignalCode? ReadCode(ScalarNode scalar, string key, FaultList faults)
    {
        var (value, error) = ScalarKinds.Read(scalar, typeof(SignalCode));
        if (error is not null) faults.Add(scalar.Place, key, error);
        return (SignalCode?)value;
    }
}
