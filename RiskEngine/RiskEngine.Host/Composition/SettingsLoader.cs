using System.Collections;
using RiskEngine.Configuration;
using RiskEngine.Host.Cli;

namespace RiskEngine.Host.Composition;

/// <summary>Finds and reads the configuration: the file that was named, else <c>riskengine.yaml</c> where it is there, and the environment over it.</summary>
internal static class SettingsLoader
{
    public const string DefaultFile = "riskengine.yaml";

    /// <summary>The file that counts; null where there is none, which is fine.</summary>
    public static string? FileOf(string? named) => named ?? (File.Exists(DefaultFile) ? DefaultFile : null);

    /// <exception cref="CommandFailure">Anything is wrong with it; the message lists every fault.</exception>
    public static RiskEngineSettings Load(string? named)
    {
        var (settings, faults) = TryLoad(named);
        return settings ?? throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }

    public static (RiskEngineSettings? Settings, IReadOnlyList<ConfigurationFault> Faults) TryLoad(string? named) => Settings.Load(FileOf(named), Environment());

    /// <summary>Settings as far as they could be read, and every fault of theirs; see <see cref="StartCheck"/>.</summary>
    public static (RiskEngineSettings Settings, IReadOnlyList<ConfigurationFault> Faults) Read(string? named) => Settings.Read(FileOf(named), Environment());

    private static Dictionary<string, string> Environment()
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (entry is { Key: string key, Value: string value }) variables[key] = value;
        }

        return variables;
    }
}
