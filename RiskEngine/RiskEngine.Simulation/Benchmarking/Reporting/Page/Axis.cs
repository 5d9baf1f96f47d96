namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>How numbers become places along a line.</summary>
/// <param name="From">The number at the beginning; above zero where the axis is logarithmic.</param>
/// <param name="To">The number at the end.</param>
/// <param name="Ticks">Numbers that are written, with their words.</param>
internal sealed record Axis(string Title, double From, double To, bool IsLogarithmic, IReadOnlyList<(double At, string Words)> Ticks)
{
    public static Axis Shares(string title) => new(title, 0, 1, false, [(0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1, "100")]);

    public static Axis LogShares(string title, double from = 0.001) =>
        new(title, from, 1, true, [.. new[] { (0.0001, "0.01"), (0.001, "0.1"), (0.01, "1"), (0.1, "10"), (1.0, "100") }.Where(tick => tick.Item1 >= from)]);

    public static Axis Counts(string title, double to)
    {
        var step = to <= 6 ? 1 : to <= 12 ? 2 : to <= 25 ? 5 : 10;
        return new Axis(title, 0, to, false, [.. Enumerable.Range(0, (int)(to / step) + 1).Select(i => ((double)(i * step), $"{i * step}"))]);
    }

    /// <summary>0 at the beginning, 1 at the end; what lies beyond either stands there.</summary>
    public double Place(double number)
    {
        var at = IsLogarithmic ? Math.Log(Math.Max(number, From) / From) / Math.Log(To / From) : (number - From) / (To - From);
        return Math.Clamp(at, 0, 1);
    }
}
