namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>A figure with its 95 % interval: the 2.5th and 97.5th percentile of its draws.</summary>
/// <param name="Value">On the sample itself; NaN where there is nothing to measure.</param>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>Gets a figure that cannot be had.</summary>
    public static Estimate None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <param name="value">On the sample.</param>
    /// <param name="draws">On each draw; those that are no number are left out.</param>
    public static Estimate Of(double value, IEnumerable<double> draws)
    {
        double[] sorted = [.. draws.Where(draw => !double.IsNaN(draw)).Order()];
        return sorted.Length == 0 || double.IsNaN(value) ? new Estimate(value, double.NaN, double.NaN) : new Estimate(value, Percentile(sorted, 0.025), Percentile(sorted, 0.975));
    }

    private static double Percentile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        // Infinities lie at the ends, and between two of them there is nothing to weigh.
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
