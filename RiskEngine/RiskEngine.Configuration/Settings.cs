using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>Reads <c>riskengine.yaml</c> and the environment into settings, or tells everything that is wrong with them.</summary>
public static class Settings
{
    /// <param name="path">The file; null for defaults and environment alone.</param>
    /// <param name="environment">Environment variables; those that do not start with <c>RISKENGINE__</c> are not looked at. They win over the file.</param>
    /// <returns>Settings, with every path absolute; null where there is any fault.</returns>
    public static (RiskEngineSettings? Settings, IReadOnlyList<ConfigurationFault> Faults) Load(string? path, IReadOnlyDictionary<string, string> environment)
    {
        var (settings, faults) = Read(path, environment);
        return (faults.Count == 0 ? settings : null, faults);
    }

    /// <summary>The same where more is to be checked, so that all faults are told in one go.</summary>
    /// <returns>Settings as far as they could be read: what is faulty has its default. Not to be run with while there is any fault.</returns>
    public static (RiskEngineSettings Settings, IReadOnlyList<ConfigurationFault> Faults) Read(string? path, IReadOnlyDictionary<string, string> environment)
    {
        var faults = new FaultList();
        var file = path is null ? new MappingNode(new Place("defaults", 0, 0), new Dictionary<string, Node>()) : ReadFile(path, faults);
        var over = EnvironmentTree.Build(environment, faults);
        // Without a readable file the environment is still checked, so that its faults are told in the same go.
        var root = EnvironmentTree.Overlay(file ?? over, over);
        var folder = path is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var settings = new Binder(folder, faults).Bind<RiskEngineSettings>(root, "");
        return (settings, faults.All);
    }

    private static MappingNode? ReadFile(string path, FaultList faults) =>
        YamlText.Read(path, faults) is { } text ? YamlTree.Parse(text, Path.GetFileName(path), faults) : null;
}
