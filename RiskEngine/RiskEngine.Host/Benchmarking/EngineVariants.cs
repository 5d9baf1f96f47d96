using RiskEngine.Configuration;
using RiskEngine.Core.Models;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Host.Benchmarking;

/// <summary>The engine without one of its parts: what a part is worth is what is lost without it.</summary>
internal static class EngineVariants
{
    private static readonly GroupSettings Off = new() { Cap = 0 };

    /// <summary>Gets what is left out, and the settings that leave it out.</summary>
    public static IReadOnlyList<EngineVariant> All { get; } =
    [
        new("without reputation", settings => WithGroups(settings, groups => groups with { Reputation = Off })),
        new("without velocity", settings => WithGroups(settings, groups => groups with { Velocity = Off })),
        new("without novelty", settings => WithGroups(settings, groups => groups with { Novelty = Off })),
        new("without session", settings => WithGroups(settings, groups => groups with { Session = Off })),
        new("without list", settings => WithGroups(settings, groups => groups with { List = Off })),
        new("without account", settings => WithGroups(settings, groups => groups with { Account = Off })),
        new("without likelihood ratio", settings => WithLikelihood(settings, likelihood => likelihood with { Weight = 0 })),
        new("without rare networks", settings => WithLikelihood(settings, likelihood => likelihood with { RareNetwork = 0 })),
        new("without first networks", settings => settings with { Detection = settings.Detection with { RareFirstNetwork = settings.Detection.RareFirstNetwork with { Evidence = 0 } } }),
        new("without fitted weights", settings => settings, WeightsFile.Of(FusionWeights.Even, new WeightsProvenance { Method = "none", Data = "none", Day = "" })),
    ];

    /// <summary>Gets the parts that can be left out, by the names that come after "without".</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. All.Select(variant => variant.Name["without ".Length..])];

    /// <summary>Variants without the parts that are named.</summary>
    public static IEnumerable<EngineVariant> Without(IReadOnlyCollection<string> parts) => All.Where((_, i) => parts.Contains(Parts[i]));

    private static RiskEngineSettings WithLikelihood(RiskEngineSettings settings, Func<LikelihoodSettings, LikelihoodSettings> change) =>
        settings with { Model = settings.Model with { Likelihood = change(settings.Model.Likelihood) } };

    private static RiskEngineSettings WithGroups(RiskEngineSettings settings, Func<GroupsSettings, GroupsSettings> change) =>
        settings with { Scoring = settings.Scoring with { Groups = change(settings.Scoring.Groups) } };
}

/// <summary>One variant.</summary>
/// <param name="Name">As reports write it.</param>
/// <param name="Change">Makes its settings of those of the engine.</param>
/// <param name="Weights">What signals count in the place of what the settings name; null for that.</param>
internal sealed record EngineVariant(string Name, Func<RiskEngineSettings, RiskEngineSettings> Change, WeightsFile? Weights = null);
