using RiskEngine.Configuration.Binding;
using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>Reads files of weights; every fault has its file, line and key, and a file with any fault gives none.</summary>
public static class WeightsReader
{
    private const string DefaultName = "default-weights.yaml";

    /// <summary>Gets the weights that come with this version.</summary>
    public static WeightsFile Default { get; } = ReadDefault();

    /// <param name="path">The file; null for the weights that come with this version.</param>
    public static (WeightsFile? Weights, IReadOnlyList<ConfigurationFault> Faults) Load(string? path)
    {
        if (path is null) return (Default, []);
        var faults = new FaultList();
        return YamlText.Read(path, faults) is { } text ? Parse(text, Path.GetFileName(path), faults) : (null, faults.All);
    }

    /// <param name="name">What faults call it: the name of its file.</param>
    public static (WeightsFile? Weights, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name) => Parse(yaml, name, new FaultList());

    private static (WeightsFile? Weights, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name, FaultList faults)
    {
        if (YamlTree.Parse(yaml, name, faults) is not { } root) return (null, faults.All);
        var file = new Binder(Directory.GetCurrentDirectory(), faults).Bind<WeightsFile>(root, "");
        return (faults.IsEmpty ? file : null, faults.All);
    }

    private static WeightsFile ReadDefault()
    {
        using var stream = typeof(WeightsReader).Assembly.GetManifestResourceStream(DefaultName) ?? throw new InvalidOperationException($"{DefaultName} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var (weights, faults) = Parse(reader.ReadToEnd(), DefaultName);
        return weights ?? throw new InvalidOperationException($"{DefaultName} is faulty: {string.Join(' ', faults)}");
    }
}
