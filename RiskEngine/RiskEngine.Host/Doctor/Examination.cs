using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Host.Doctor;

/// <summary>What <c>doctor</c> found, and what it saw on the way.</summary>
/// <param name="Settings">Null where they could not be read; then nothing else was looked at.</param>
/// <param name="Metrics">Of the running program; empty where it does not run.</param>
internal sealed record Examination(RiskEngineSettings? Settings, IReadOnlyList<Finding> Findings, string Metrics)
{
    /// <summary>Looks at everything that the settings name. Changes nothing, but opens a store that no program has open.</summary>
    /// <param name="config">The file that was named; null for the one that is there.</param>
    public static async Task<Examination> RunAsync(string? config, TimeProvider clock, CancellationToken cancellation)
    {
        var (settings, faults) = SettingsLoader.TryLoad(config);
        if (settings is null) return new Examination(null, [.. faults.Select(fault => new Finding(false, "configuration", fault.ToString()))], "");
        List<Finding> findings = [new(true, "configuration", $"{SettingsLoader.FileOf(config) ?? "defaults"} is in order")];
        findings.AddRange(settings.Footguns().Select(footgun => new Finding(false, "configuration", footgun)));
        findings.AddRange(EngineFindings.Look(settings));
        findings.AddRange(KafkaFindings.Look(settings.Kafka));
        var (program, metrics) = await ProgramFindings.LookAsync(settings, cancellation);
        findings.Add(program);
        if (program.Ok) findings.Add(await ProgramFindings.LookAtChallengesAsync(settings, cancellation));
        if (settings.Store.Kind == StoreKind.Shared) findings.AddRange(await SharedStoreAsync(settings, clock, cancellation));
        else
        {
            findings.Add(StoreFindings.LookAtRoom(settings.Store.Path));
            if (!program.Ok) findings.AddRange(await StoreFindings.LookAsync(settings, cancellation));
        }

        findings.AddRange(await TargetFindings.LookAsync(settings, clock, cancellation));
        return new Examination(settings, findings, metrics);
    }

    private static async Task<IEnumerable<Finding>> SharedStoreAsync(RiskEngineSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var found = await SharedStoreCheck.LookAsync(Stores.SharedSettings(settings), clock, cancellation);
        return found.Select(finding => new Finding(finding.IsGood, finding.What, finding.Detail));
    }
}
