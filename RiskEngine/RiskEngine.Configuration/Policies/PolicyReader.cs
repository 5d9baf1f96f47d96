using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>Reads policies from YAML and compiles them; every fault has its line and key.</summary>
public static class PolicyReader
{
    /// <summary>Reads and compiles a policy.</summary>
    /// <param name="path">The file; null for the built-in policy.</param>
    /// <param name="mode">The mode in the place of the file's; null leaves the file's.</param>
    /// <param name="feeds">Names of feeds by their index in the facts; null where they are not known, which checks none.</param>
    public static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Load(string? path, PolicyMode? mode, IReadOnlyList<string>? feeds)
    {
        var faults = new FaultList();
        if (path is null) return Compile(DefaultPolicyText.Yaml, DefaultPolicyText.FileName, mode, feeds, faults);
        return YamlText.Read(path, faults) is { } text ? Compile(text, Path.GetFileName(path), mode, feeds, faults) : (null, faults.All);
    }

    /// <summary>Compiles the text of a policy.</summary>
    /// <param name="name">What faults call it: the name of its file.</param>
    public static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name, PolicyMode? mode = null, IReadOnlyList<string>? feeds = null) =>
        Compile(yaml, name, mode, feeds, new FaultList());

    private static (CompiledPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults) Compile(
        string yaml, string name, PolicyMode? mode, IReadOnlyList<string>? feeds, FaultList faults)
    {
        if (YamlTree.Parse(yaml, name, faults) is not { } root) return (null, faults.All);
        var definition = new Binder(Directory.GetCurrentDirectory(), faults).Bind<PolicyDefinition>(root, "");
        // What could not be read would only cause further faults.
        if (!faults.IsEmpty) return (null, faults.All);

        var policy = CompiledPolicy.TryCompile(mode is { } other ? definition with { Mode = other } : definition, feeds, out var wrong);
        foreach (var fault in wrong) faults.Add(root.PlaceOf(fault.Path), fault.Path, fault.Message);
        return (policy, faults.All);
    }
}
