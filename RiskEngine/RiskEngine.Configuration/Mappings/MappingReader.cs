using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>Reads mappings, which say how records of any JSON or CSV become login events; every fault has its file, line and key.</summary>
public static class MappingReader
{
    /// <summary>Reads a mapping file.</summary>
    /// <returns>The mapping; null where there is any fault.</returns>
    public static (EventMapping? Mapping, IReadOnlyList<ConfigurationFault> Faults) Load(string path) => YamlRecord.Load<EventMapping>(path);

    /// <param name="name">What faults call it: the name of its file.</param>
    public static (EventMapping? Mapping, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name) => YamlRecord.Parse<EventMapping>(yaml, name);
}
