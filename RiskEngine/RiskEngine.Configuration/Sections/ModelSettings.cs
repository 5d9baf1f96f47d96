using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Models;

namespace RiskEngine.Configuration;

/// <summary>What statistical models reckon with, under <c>model</c>.</summary>
public sealed record ModelSettings
{
    /// <summary>Gets which attackers the likelihood ratio of place and device reckons with.</summary>
    public LikelihoodSettings Likelihood { get; init; } = new();

    /// <summary>Gets the file that says how much each signal counts, as <c>benchmark --fit</c> writes it.</summary>
    /// <value>The default is nothing: the weights that come with this version.</value>
    [FilePath]
    public string? Weights { get; init; }

    /// <summary>Gets when the fleet as a whole counts as under attack.</summary>
    public FleetSettings Fleet { get; init; } = new();
}
