namespace RiskEngine.Simulation.Randomness;

/// <summary>A distribution, or any rising curve, by some of its points, with straight lines between them. Immutable.</summary>
/// <param name="points">(x, y) pairs with rising x. For a distribution x is the share of the population, y its quantile.</param>
internal sealed class QuantileTable(params (double X, double Y)[] points)
{
    /// <summary>The value at <paramref name="x"/>; that of the nearest end outside the table.</summary>
    public double At(double x)
    {
        if (x <= points[0].X) return points[0].Y;
        for (var i = 1; i < points.Length; i++)
        {
            if (x > points[i].X) continue;
            var (fromX, fromY) = points[i - 1];
            return fromY + ((points[i].Y - fromY) * (x - fromX) / (points[i].X - fromX));
        }

        return points[^1].Y;
    }

    public double Draw(SeededRandom random) => At(random.Uniform());
}
