namespace RiskEngine.Core.Detection;

/// <summary>Turns a count into a share of full evidence.</summary>
internal static class Ramp
{
    /// <summary>0 up to and at the minimum, then rising evenly to 1 at <paramref name="growth"/> times the minimum and staying there.</summary>
    /// <param name="count">Any number.</param>
    /// <param name="minimum">More than 0.</param>
    /// <param name="growth">More than 1.</param>
    public static double Share(double count, double minimum, double growth) => Math.Clamp((count - minimum) / (minimum * (growth - 1)), 0, 1);
}
