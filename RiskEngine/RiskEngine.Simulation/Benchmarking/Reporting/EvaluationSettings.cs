namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>Who is compared with whom, and how often subjects are drawn.</summary>
public sealed record EvaluationSettings
{
    /// <summary>The name under which the generator's own knowledge stands in reports.</summary>
    public const string Oracle = "oracle";

    /// <summary>Gets the contestant that everything is about.</summary>
    public required string Engine { get; init; }

    /// <summary>Gets the published baseline it is compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>Gets the simplest rule in use.</summary>
    public required string Foil { get; init; }

    /// <summary>Gets whom cold start, re-authentication and curves are told of.</summary>
    public required IReadOnlyList<string> Examined { get; init; }

    /// <summary>Gets the contestants that are the engine without one of its parts, to tell what each part is worth.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    /// <summary>Gets the contestants that are the engine with something added, to tell what that would be worth.</summary>
    public IReadOnlyList<string> Additions { get; init; } = [];

    /// <summary>Gets whose scores are log-odds at the reference base rate.</summary>
    public required IReadOnlyList<string> Calibrated { get; init; }

    /// <summary>Gets the draws of the bootstrap.</summary>
    /// <value>The default is 1,000.</value>
    public int Draws { get; init; } = 1000;

    /// <summary>Gets what draws are made from.</summary>
    public int Seed { get; init; } = 1;
}
