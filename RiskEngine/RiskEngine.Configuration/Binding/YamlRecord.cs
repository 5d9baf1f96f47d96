using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration.Binding;

/// <summary>Reads a file that is one record; every fault has its file, line and key, and a file with any fault gives none.</summary>
internal static class YamlRecord
{
    public static (T? Record, IReadOnlyList<ConfigurationFault> Faults) Load<T>(string path)
        where T : class
    {
        var faults = new FaultList();
        return YamlText.Read(path, faults) is { } text ? Parse<T>(text, Path.GetFileName(path), faults) : (null, faults.All);
    }

    /// <param name="name">What faults call it: the name of its file.</param>
    public static (T? Record, IReadOnlyList<ConfigurationFault> Faults) Parse<T>(string yaml, string name)
        where T : class => Parse<T>(yaml, name, new FaultList());

    private static (T? Record, IReadOnlyList<ConfigurationFault> Faults) Parse<T>(string yaml, string name, FaultList faults)
        where T : class
    {
        if (YamlTree.Parse(yaml, name, faults) is not { } root) return (null, faults.All);
        var record = new Binder(Directory.GetCurrentDirectory(), faults).Bind<T>(root, "");
        return (faults.IsEmpty ? record : null, faults.All);
    }
}
