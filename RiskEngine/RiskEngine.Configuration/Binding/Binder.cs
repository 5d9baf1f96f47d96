using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Binding;

/// <summary>Fills settings records from nodes, by reflection over their properties, and tells every fault with its place and key.</summary>
/// <remarks>
/// A property is a key in snake case; what is not set keeps its default, which for a section is what the record that holds it made it: one type of
/// settings can have other defaults at another place. Values are single ones (<see cref="ScalarKinds"/>), lists of
/// them or of records, either by names, and records. <see cref="RangeAttribute"/> is checked, then <see cref="IValidatableObject"/>. So new settings, and new
/// detectors with settings of their own, need no change here.
/// </remarks>
/// <param name="folder">What relative paths start from.</param>
internal sealed class Binder(string folder, FaultList faults)
{
    /// <summary>Makes a record from a section.</summary>
    /// <param name="key">The section's key; empty for the root.</param>
    public T Bind<T>(MappingNode section, string key)
        where T : class => (T)Record(section, typeof(T), null, key);

    /// <param name="defaults">Holds what is not set; it stays as it is. Null for the defaults of the type.</param>
    private object Record(MappingNode section, Type type, object? defaults, string key)
    {
        var before = faults.All.Count;
        var record = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null).ToDictionary(property => SnakeCase.Of(property.Name));
        if (defaults is not null)
        {
            foreach (var property in properties.Values) property.SetValue(record, property.GetValue(defaults));
        }

        foreach (var (name, node) in section.Entries)
        {
            var child = Join(key, name);
            if (properties.TryGetValue(name, out var property)) Set(record, property, node, child);
            else faults.Add(node.Place, child, $"unknown key{NearestName.Suggest(name, properties.Keys)}");
        }

        foreach (var (name, property) in properties)
        {
            if (!section.Entries.ContainsKey(name)) Default(record, property, section, Join(key, name));
        }

        CheckWhole(record, section, key, [.. faults.All.Skip(before).Select(fault => fault.Key)]);
        return record;
    }

    /// <summary>What holds where a key is not set: the record's default, with its paths resolved like written ones.</summary>
    private void Default(object record, PropertyInfo property, MappingNode section, string key)
    {
        if (property.IsDefined(typeof(RequiredMemberAttribute))) faults.Add(section.Place, key, "is missing; it has no default");
        else if (property.GetCustomAttribute<FilePathAttribute>() is { } path) property.SetValue(record, Resolve(property.GetValue(record), path));
        else if (IsRecord(property.PropertyType)) property.SetValue(record, Record(new MappingNode(section.Place, new Dictionary<string, Node>()), property.PropertyType, property.GetValue(record), key));
    }

    private void Set(object record, PropertyInfo property, Node node, string key)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (node is ScalarNode { IsNothing: true, IsFromEnvironment: false } && !ScalarKinds.IsKnown(type))
        {
            if (property.IsDefined(typeof(RequiredMemberAttribute))) faults.Add(node.Place, key, "holds nothing; it has no default");
            return;
        }

        if (property.GetCustomAttribute<SecretAttribute>() is { } secret && node.Place.Line > 0)
        {
            faults.Add(node.Place, key, $"a secret does not belong into this file; name a file for it in {secret.Instead}, or give it by environment as {EnvironmentTree.Prefix}{key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()}");
            return;
        }

        var value = Value(node, type, key, property.GetValue(record));
        if (property.GetCustomAttribute<FilePathAttribute>() is { } path) value = Resolve(value, path);
        if (value is null) return;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range && !IsWithin(range, value))
        {
            faults.Add(node.Place, key, $"expected {Write(range.Minimum)} to {Write(range.Maximum)}, found {Write(value)}");
            return;
        }

        property.SetValue(record, value);
    }

    /// <summary>The node as a value of that type; null, with a fault, where it is none.</summary>
    /// <param name="defaults">What a section keeps where it sets nothing.</param>
    private object? Value(Node node, Type type, string key, object? defaults = null)
    {
        if (ElementOf(type) is { } element) return List(node, element, key);
        if (ValueOf(type) is { } named) return Named(node, named, key);
        if (type.IsEnum && type.IsDefined(typeof(FlagsAttribute))) return Flags(node, type, key);
        if (CustomKinds.Find(type) is { } custom) return custom(node, key, faults);
        if (ScalarKinds.IsKnown(type)) return Scalar(node, type, key);
        if (node is MappingNode section) return Record(section, type, defaults, key);
        faults.Add(node.Place, key, $"expected a section with keys, found {node.Describe()}");
        return null;
    }

    private object? Scalar(Node node, Type type, string key)
    {
        if (node is not ScalarNode scalar)
        {
            faults.Add(node.Place, key, $"expected a single value, found {node.Describe()}");
            return null;
        }

        var (value, error) = ScalarKinds.Read(scalar, type);
        if (error is not null) faults.Add(node.Place, key, error);
        return value;
    }

    /// <summary>A list; a single value is a list of one, and one from the environment is split at commas.</summary>
    private Array? List(Node node, Type element, string key)
    {
        var before = faults.All.Count;
        var items = Items(node);
        if (node is MappingNode && (ScalarKinds.IsKnown(element) || CustomKinds.Find(element) is null))
        {
            faults.Add(node.Place, key, $"expected a list, found {node.Describe()}");
            return null;
        }

        var values = items.Select((item, index) => Value(item, element, node is SequenceNode ? $"{key}[{index}]" : key)).ToList();
        if (values.Contains(null) || (faults.All.Count > before && !typeof(ICheckedInPart).IsAssignableFrom(element))) return null;
        TellRepeatedNames(items, values, key);
        var array = Array.CreateInstance(element, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(values[i], i);
        return array;
    }

    /// <summary>Tells entries that share a name, with both places.</summary>
    private void TellRepeatedNames(IReadOnlyList<Node> items, List<object?> values, string key)
    {
        var seen = new Dictionary<string, Place>();
        for (var i = 0; i < values.Count; i++)
        {
            // One whose name could not be read was told of already.
            if (values[i] is not IUniquelyNamed { UniqueName: { } name } named || seen.TryAdd(name, items[i].Place)) continue;
            var other = seen[name];
            var where = other.Line > 0 ? $"line {other.Line}" : other.Source;
            faults.Add(items[i].Place, $"{key}[{i}]", $"two {named.Plural} are called \"{name}\", the other on {where}; give one of them another name");
        }
    }

    /// <summary>Values by names that whoever writes them chooses.</summary>
    private System.Collections.IDictionary? Named(Node node, Type element, string key)
    {
        if (node is not MappingNode section)
        {
            faults.Add(node.Place, key, $"expected names with values, found {node.Describe()}");
            return null;
        }

        var named = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var (name, entry) in section.Entries)
        {
            if (Value(entry, element, Join(key, name)) is { } value) named[name] = value;
        }

        return named;
    }

    private object? Flags(Node node, Type type, string key)
    {
        var before = faults.All.Count;
        var bits = Items(node).Select(item => Scalar(item, type, key)).Where(value => value is not null).Aggregate(0L, (sum, value) => sum | Convert.ToInt64(value));
        return faults.All.Count > before ? null : Enum.ToObject(type, bits);
    }

    private static IReadOnlyList<Node> Items(Node node) => node switch
    {
        SequenceNode sequence => sequence.Items,
        ScalarNode { IsFromEnvironment: true } scalar => [.. scalar.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => scalar with { Value = part })],
        _ => [node],
    };

    /// <summary>Checks what the record says of itself: where something in it is faulty only what does not hang on that, and only if it can be told apart.</summary>
    /// <param name="told">Keys of what is faulty in it.</param>
    private void CheckWhole(object record, MappingNode section, string key, List<string> told)
    {
        if (record is not IValidatableObject whole || (told.Count > 0 && record is not ICheckedInPart)) return;
        foreach (var result in whole.Validate(new ValidationContext(record)))
        {
            List<string> members = [.. result.MemberNames.Select(member => string.Join('.', member.Split('.').Select(SnakeCase.Of)))];
            if (members.Exists(member => told.Exists(fault => IsPartOf(fault, Join(key, member)) || IsPartOf(Join(key, member), fault)))) continue;
            var name = members.Count > 0 ? members[0] : "";
            faults.Add(section.PlaceOf(name), Join(key, name), result.ErrorMessage ?? "these settings contradict each other");
        }
    }

    /// <summary>Whether a key is the other one or lies below it.</summary>
    private static bool IsPartOf(string key, string other) =>
        key.StartsWith(other, StringComparison.Ordinal) && (key.Length == other.Length || key[other.Length] is '.' or '[');

    private object? Resolve(object? value, FilePathAttribute attribute) => value switch
    {
        string prefixed when attribute.Prefix is { } prefix =>
            prefixed.StartsWith(prefix, StringComparison.Ordinal) && prefixed.Length > prefix.Length ? prefix + Path.GetFullPath(prefixed[prefix.Length..], folder) : prefixed,
        string { Length: > 0 } path => Path.GetFullPath(path, folder),
        string[] paths => paths.Select(path => Path.GetFullPath(path, folder)).ToArray(),
        _ => value,
    };

    private static bool IsWithin(RangeAttribute range, object value)
    {
        try
        {
            return range.IsValid(value);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool IsRecord(Type type) => type.IsClass && !ScalarKinds.IsKnown(type) && type.GetConstructor(Type.EmptyTypes) is not null;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    private static string Write(object value) => value is TimeSpan duration ? Durations.Format(duration) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static string Join(string key, string name) => key.Length == 0 ? name : name.Length == 0 ? key : $"{key}.{name}";
}
