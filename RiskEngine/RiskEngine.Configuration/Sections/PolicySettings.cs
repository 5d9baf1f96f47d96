using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>Which policy holds, under <c>policy</c>.</summary>
public sealed record PolicySettings
{
    /// <summary>Gets the file of the policy; null for the built-in one.</summary>
    [FilePath]
    public string? File { get; init; }

    /// <summary>Gets the mode, in the place of the file's; null leaves the file's.</summary>
    public PolicyMode? Mode { get; init; }

    /// <summary>Gets when automated blocks are held.</summary>
    public SafetyValveSettings Valve { get; init; } = new();
}
