namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>A whole run of the benchmark, with what must be known to repeat it.</summary>
public sealed record BenchmarkReport
{
    /// <summary>Gets the version of the shape that JSON has; it is raised when a name changes its meaning or goes.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Gets the version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the version of detectors and weights.</summary>
    public required string ModelVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Gets how long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the number of subjects of each generated stream; null for a file.</summary>
    public int? Subjects { get; init; }

    /// <summary>Gets what streams were generated from; none for a file.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [];

    /// <summary>Gets the draws of the bootstrap.</summary>
    public required int Draws { get; init; }

    /// <summary>Gets the challenge rates that lists of recalls stand for.</summary>
    public IReadOnlyList<double> Rates => Statistics.Operating.Rates;

    /// <summary>Gets the shares of attacks that lists of challenges needed stand for.</summary>
    public IReadOnlyList<double> Recalls => Statistics.Operating.Recalls;

    public required IReadOnlyList<StreamReport> Streams { get; init; }
}

/// <summary>One kind of stream.</summary>
/// <param name="Name">Such as "realistic" or "rba", or the name of a file.</param>
/// <param name="Pooled">All seeds as one population.</param>
/// <param name="Seeds">Each seed by itself, where there are several.</param>
/// <param name="Checks">What the stream itself must pass before a figure of it may be quoted; empty for a file.</param>
public sealed record StreamReport(string Name, PopulationReport Pooled, IReadOnlyList<PopulationReport> Seeds, IReadOnlyList<CheckReport> Checks);

/// <summary>Something a generated stream was held to.</summary>
/// <param name="Kind"><c>calibration</c> or <c>leakage</c>.</param>
/// <param name="Expected">What it was to be, in words or a number.</param>
/// <param name="Found">What it was.</param>
/// <param name="IsHeld">Whether that is within the bound; null where there is none.</param>
public sealed record CheckReport(int Seed, string Kind, string Name, string Expected, string Found, string Bound, bool? IsHeld);
