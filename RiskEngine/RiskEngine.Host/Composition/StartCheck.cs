using RiskEngine.Configuration;
using RiskEngine.Host.Cli;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Composition;

/// <summary>Everything that is wrong with what was configured, told at once and before any file is made or a store opened.</summary>
internal static class StartCheck
{
    /// <summary>Settings that a server can run with.</summary>
    /// <exception cref="CommandFailure">Anything is wrong, of settings, policy, sources or listening; exit code 2, and the message lists every fault.</exception>
    public static RiskEngineSettings LoadToServe(string? config, ServeRoles roles = ServeRoles.All) => Load(config, serves: true, roles);

    /// <summary>Settings that something which judges and does not listen can run with.</summary>
    /// <exception cref="CommandFailure">As <see cref="LoadToServe"/>, listening and sources aside.</exception>
    public static RiskEngineSettings LoadToJudge(string? config) => Load(config, serves: false);

    /// <summary>Settings as far as they could be read, and every fault in words.</summary>
    public static (RiskEngineSettings Settings, IReadOnlyList<string> Faults) Read(string? config, bool serves, ServeRoles roles = ServeRoles.All)
    {
        var (settings, faults) = SettingsLoader.Read(config);
        List<string> all = [.. faults.Select(fault => fault.ToString())];
        all.AddRange(PolicyFaults(settings, faults));
        if (!IsFaulty(faults, "model")) all.AddRange(WeightsReader.Load(settings.Model.Weights).Faults.Select(fault => fault.ToString()));
        if (serves)
        {
            all.AddRange(SourceFaults(settings));
            if (!IsFaulty(faults, "kafka")) all.AddRange(KafkaParts.Faults(settings.Kafka, roles));
            if (!IsFaulty(faults, "http")) all.AddRange(ListeningFaults(settings));
        }

        return (settings, all);
    }

    private static RiskEngineSettings Load(string? config, bool serves, ServeRoles roles = ServeRoles.All)
    {
        var (settings, faults) = Read(config, serves, roles);
        return faults.Count == 0 ? settings : throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }

    private static IEnumerable<string> PolicyFaults(RiskEngineSettings settings, IReadOnlyList<ConfigurationFault> faults)
    {
        // Feeds that could not be read would only make the rules that name them look wrong.
        IReadOnlyList<string>? feeds = IsFaulty(faults, "feeds") ? null : [.. settings.Feeds.Select(feed => feed.Name)];
        return PolicyReader.Load(settings.Policy.File, settings.Policy.Mode, feeds).Faults.Select(fault => fault.ToString());
    }

    private static IEnumerable<string> SourceFaults(RiskEngineSettings settings)
    {
        IEnumerable<(string Key, string Format)> formats =
        [
            .. settings.Sources.File.Select((source, index) => ($"sources.file[{index}].format", source.Format)),
            .. settings.Sources.Syslog.Select((source, index) => ($"sources.syslog[{index}].format", source.Format)),
        ];
        // One that could not be read was told of already.
        foreach (var (key, format) in formats.Where(source => source.Format is not null))
        {
            if (FormatChoice.Refusal(format) is { } refusal) yield return $"{key}: {refusal}";
            foreach (var fault in FormatChoice.Load(format).Faults) yield return fault.ToString();
        }
    }

    private static IEnumerable<string> ListeningFaults(RiskEngineSettings settings)
    {
        var server = ServerSettings.From(settings);
        Action[] checks = [() => ListenAddress.Of(server), () => KestrelSetup.CheckCertificate(server), () => AdminKeyFile.Check(server.AdminKeyFile)];
        foreach (var check in checks)
        {
            if (Fault(check) is { } fault) yield return fault;
        }
    }

    private static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ServerStartException wrong)
        {
            return wrong.Message;
        }
    }

    private static bool IsFaulty(IReadOnlyList<ConfigurationFault> faults, string section) =>
        faults.Any(fault => fault.Key == section || fault.Key.StartsWith(section + '.', StringComparison.Ordinal) || fault.Key.StartsWith(section + '[', StringComparison.Ordinal));
}
