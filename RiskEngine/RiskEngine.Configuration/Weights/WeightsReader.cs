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
    public static (WeightsFile? Weights, IReadOnlyList<ConfigurationFault> Faults) Load(string? path) => path is null ? (Default, []) : YamlRecord.Load<WeightsFile>(path);

    /// <param name="name">What faults call it: the name of its file.</param>
    public static (WeightsFile? Weights, IReadOnlyList<ConfigurationFault> Faults) Parse(string yaml, string name) => YamlRecord.Parse<WeightsFile>(yaml, name);

    private static WeightsFile ReadDefault()
    {
        var (weights, faults) = Parse(EmbeddedText.Read(DefaultName), DefaultName);
        return weights ?? throw new InvalidOperationException($"{DefaultName} is faulty: {string.Join(' ', faults)}");
    }
}
