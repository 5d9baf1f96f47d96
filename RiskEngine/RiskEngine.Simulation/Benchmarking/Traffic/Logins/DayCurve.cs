using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>At which hours of the day somebody logs in: a peak of their own in the curve that all have together.</summary>
/// <remarks>The curve is the RBA data set's median successes per minute by hour (Wiefling et al. 2022, CC BY 4.0), read off a figure and interpolated.</remarks>
internal sealed class DayCurve
{
    private const double Common = 0.35;
    private const int Reach = 4;

    private readonly double[] _hours = new double[24];
    private readonly double _highest;

    public DayCurve(SeededRandom random)
    {
        var peak = random.Weighted([.. All]);
        var total = All.Sum();
        for (var hour = 0; hour < 24; hour++)
        {
            var distance = Math.Min(Math.Abs(hour - peak), 24 - Math.Abs(hour - peak));
            _hours[hour] = (Common * All[hour] / total) + ((1 - Common) * Math.Max(0, Reach - distance) / (Reach * Reach));
        }

        _highest = _hours.Max();
    }

    /// <summary>Gets the share of each hour in all logins, not normalised.</summary>
    public static IReadOnlyList<double> All { get; } = [5, 5, 6, 7, 9, 12, 17, 23, 28, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 27, 22, 15, 8];

    public int Draw(SeededRandom random) => random.Weighted(_hours);

    /// <summary>Whether a login that could be at this hour is.</summary>
    public bool Accepts(int hour, SeededRandom random) => random.Chance(_hours[hour] / _highest);
}
