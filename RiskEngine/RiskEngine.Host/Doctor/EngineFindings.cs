using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Doctor;

/// <summary>Looks at what judging stands on: files of facts, and the policy.</summary>
internal static class EngineFindings
{
    public static IReadOnlyList<Finding> Look(RiskEngineSettings settings)
    {
        List<Finding> findings = [];
        using var facts = EngineParts.LoadFacts(settings, _ => { });
        foreach (var file in facts.Current.Files) findings.Add(new Finding(file.Reason is null, "facts", file.ToString()));
        foreach (var kind in EngineParts.FilesOf(settings).NotConfigured) findings.Add(new Finding(true, "facts", $"no {kind} data is configured: signals that need it stay silent"));
        var (engine, faults) = EngineParts.TryBuild(settings, facts.Snapshot, new KeyedHash(new byte[16]), seen: [], out _);
        findings.AddRange(faults.Select(fault => new Finding(false, "policy", fault.ToString())));
        if (engine is not null) findings.Add(new Finding(true, "policy", $"version {engine.Snapshot.Policy.Version}, {engine.Snapshot.Policy.Rules.Count} rules, mode {engine.Snapshot.Policy.Mode.ToString().ToLowerInvariant()}"));
        return findings;
    }
}
