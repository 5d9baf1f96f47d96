namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>One marginal of a stream beside the published one.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Published">As published: one share, or several.</param>
/// <param name="Generated">The same of the stream.</param>
/// <param name="Distance">Total variation where there are several shares, their difference where there is one. 0 to 1.</param>
/// <param name="Bound">How far apart they may be.</param>
public sealed record CalibrationResult(string Name, string Published, string Generated, double Distance, double Bound)
{
    public bool Ok => Distance <= Bound;
}
