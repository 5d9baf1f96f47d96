using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Binding;

/// <summary>Names of enumerations in files: those of the wire where there are any, else the name in snake case.</summary>
internal static class EnumNames
{
    private static readonly Dictionary<Type, IReadOnlyList<(string Name, object Value)>> Known = new()
    {
        [typeof(FeedGroup)] = Named(Enum.GetValues<FeedGroup>(), FeedGroups.Name),
        [typeof(EventKind)] = Named(EventKinds.All.Where(kind => kind != EventKind.Other), EventKinds.Name),
        [typeof(SignalCode)] = [.. SignalCatalogue.All.Select(signal => (signal.Name, (object)signal.Code))],
        [typeof(NetworkKinds)] = Named(Enum.GetValues<NetworkKinds>().Where(kind => kind != NetworkKinds.None), kind => kind == NetworkKinds.DataCentre ? "datacentre" : SnakeCase.Of(kind.ToString())),
        [typeof(AttackKinds)] = Named(AttackNames.All.Select((_, kind) => ((AttackKind)kind).AsSet()), set => AttackNames.All[int.Log2((int)set)]),
        [typeof(DecisionAction)] = Named(Enum.GetValues<DecisionAction>(), VerdictNames.Name),
        [typeof(RiskLevel)] = Named(Enum.GetValues<RiskLevel>(), VerdictNames.Name),
        [typeof(BlockScope)] = Named(Enum.GetValues<BlockScope>(), BlockNames.Name),
    };

    /// <summary>The value of that name, or why there is none.</summary>
    public static (object? Value, string? Error) Read(ScalarNode scalar, Type type)
    {
        var names = Of(type);
        var text = scalar.Value.Trim();
        foreach (var (name, value) in names)
        {
            if (name == text) return (value, null);
        }

        var all = names.Select(known => known.Name).ToList();
        var nearest = NearestName.Of(text, all);
        return (null, $"expected {Words(type) ?? Either(all)}, found {Quoted(scalar)}{(nearest is null ? "" : $"; did you mean {nearest}?")}");
    }

    private static string Quoted(ScalarNode scalar) => scalar.IsNothing ? "nothing" : $"\"{scalar.Value}\"";

    private static IReadOnlyList<(string Name, object Value)> Of(Type type) =>
        Known.TryGetValue(type, out var names) ? names : [.. Enum.GetValues(type).Cast<object>().Select(value => (SnakeCase.Of(value.ToString()!), value))];

    private static List<(string Name, object Value)> Named<T>(IEnumerable<T> values, Func<T, string> name)
        where T : struct, Enum => [.. values.Select(value => (name(value), (object)value))];

    /// <summary>What long lists are called; short ones are told in full.</summary>
    private static string? Words(Type type) => type == typeof(SignalCode) ? "the name of a signal" : type == typeof(EventKind) ? "a kind of event" : null;

    private static string Either(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}
