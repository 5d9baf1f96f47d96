using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>Reads policies from YAML and compiles them; every fault has its file, line and key, within expressions to the character. Ends of what is allowed are compared with the clock.</summary>
public static class PolicyReader
{
    /// <summary>Reads and compiles a policy with the files it includes.</summary>
    /// <param name="path">The file; null for the built-in policy.</param>
    /// <param name="mode">The mode in the place of the file's; null leaves the file's.</param>
    /// <param name="feeds">Names of feeds by their index in the facts; null where they are not known, which checks none.</param>
    public static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Load(string? path, PolicyMode? mode, IReadOnlyList<string>? feeds) => Load(path, mode, feeds, out _);

    /// <param name="files">Full paths of every file that was read or looked for: those to watch.</param>
    public static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Load(string? path, PolicyMode? mode, IReadOnlyList<string>? feeds, out IReadOnlyList<string> files)
    {
        var faults = new FaultList();
        files = path is null ? [] : [Path.GetFullPath(path)];
        if (path is null) return Compile(DefaultPolicyText.Yaml, DefaultPolicyText.FileName, null, mode, feeds, faults, out _);
        return YamlText.Read(path, faults, PolicyFiles.Remedy) is { } text ? Compile(text, Path.GetFileName(path), Path.GetFullPath(path), mode, feeds, faults, out files) : (null, faults.All);
    }

    /// <summary>Compiles the text of a policy.</summary>
    /// <param name="name">What faults call it: the name of its file.</param>
    public static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name, PolicyMode? mode = null, IReadOnlyList<string>? feeds = null) =>
        Compile(yaml, name, null, mode, feeds, new FaultList(), out _);

    private static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Compile(
        string yaml, string name, string? path, PolicyMode? mode, IReadOnlyList<string>? feeds, FaultList faults, out IReadOnlyList<string> read)
    {
        var files = new PolicyFiles(faults);
        var root = files.Load(yaml, name, path);
        read = files.Read;
        if (root is null) return (null, faults.All);
        root = PolicyNodes.ResolveTrusted(root, faults);
        var isComplete = faults.IsEmpty;
        var definition = new Binder(Directory.GetCurrentDirectory(), faults).Bind<PolicyDefinition>(root, "");
        // Without a file that was named, its lists and variables would be missed everywhere.
        if (!isComplete) return (null, faults.All);

        List<int> unread = [];
        if (!faults.IsEmpty)
        {
            unread = [.. faults.All.Select(fault => ReadableParts.IndexIn(fault.Key, "rules")).OfType<int>()];
            var rest = new FaultList();
            definition = new Binder(Directory.GetCurrentDirectory(), rest).Bind<PolicyDefinition>(ReadableParts.Of(root, faults.All.Select(fault => fault.Key), "rules", Condition), "");
            if (!rest.IsEmpty) return (null, faults.All);
        }

        var now = EventTime.From(TimeProvider.System.GetUtcNow());
        var policy = CompiledPolicy.TryCompile(mode is { } other ? definition with { Mode = other } : definition, feeds, now, out var wrong);
        // Of a rule that could not be read only its expression is known.
        foreach (var fault in wrong.Where(fault => ReadableParts.IndexIn(fault.Path, "rules") is not { } index || !unread.Contains(index) || fault.Path.EndsWith(".when.expression", StringComparison.Ordinal)))
            faults.Add(PlaceOf(root, fault), KeyOf(fault.Path), fault.Message);
        return (faults.IsEmpty ? policy : null, faults.All);
    }

    /// <summary>What can be checked of a rule that could not be read: its expression.</summary>
    private static MappingNode Condition(Node rule, int index)
    {
        var standIn = ReadableParts.Section(rule, ["name"], ("name", $"unread-{index}"), ("then", "notify"));
        if (rule is not MappingNode section || section.Entries.GetValueOrDefault("when") is not MappingNode when) return standIn;
        return standIn with { Entries = new Dictionary<string, Node>(standIn.Entries) { ["when"] = ReadableParts.Section(when, ["expression"]) } };
    }

    private static Place PlaceOf(MappingNode root, PolicyFault fault) =>
        root.Find(fault.Path) is ScalarNode { Origin: { } origin } && fault.Offset is { } offset ? origin.PlaceOf(offset) : root.PlaceOf(fault.Path);

    /// <summary>The key as people write it: a condition stands under <c>when</c>.</summary>
    private static string KeyOf(string path) => path.EndsWith(".when.expression", StringComparison.Ordinal) ? path[..^".expression".Length] : path;
}
