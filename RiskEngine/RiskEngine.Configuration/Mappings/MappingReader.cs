using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>Reads mappings, which say how records of any JSON or CSV become login events; every fault has its file, line and key.</summary>
public static class MappingReader
{
    /// <summary>Reads a mapping file.</summary>
    /// <returns>The mapping; null where there is any fault.</returns>
    public static (EventMapping? Mapping, IReadOnlyList<ConfigurationFault> Faults) Load(string path)
    {
        var faults = new FaultList();
        return YamlText.Read(path, faults) is { } text ? Parse(text, Path.GetFileName(path), faults) : (null, faults.All);
    }

    /// <param name="name">What faults call it: the name of its file.</param>
    public static (EventMapping? Mapping, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name) => Parse(yaml, name, new FaultList());

    private static (EventMapping? Mapping, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name, FaultList faults)
    {
        if (YamlTree.Parse(yaml, name, faults) is not { } root) return (null, faults.All);
        var mapping = new Binder(Directory.GetCurrentDirectory(), faults).Bind<EventMapping>(root, "");
        return (faults.IsEmpty ? mapping : null, faults.All);
    }
}
