using RiskEngine.Core.Models;

namespace RiskEngine.Configuration;

/// <summary>What statistical models reckon with, under <c>model</c>.</summary>
public sealed record ModelSettings
{
    /// <summary>Gets which attackers the likelihood ratio of place and device reckons with.</summary>
    public LikelihoodSettings Likelihood { get; init; } = new();

    /// <summary>Gets when the fleet as a whole counts as under attack.</summary>
    public FleetSettings Fleet { get; init; } = new();
}
