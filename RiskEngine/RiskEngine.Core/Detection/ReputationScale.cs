namespace RiskEngine.Core.Detection;

/// <summary>The scale of reputation, −5 to +5, as shares of full evidence.</summary>
internal static class ReputationScale
{
    private const double Limit = 5;

    /// <summary>0 up to and at the tolerance, then rising evenly to 1 at five failures more.</summary>
    public static double Bad(double failures, double tolerance) => Math.Clamp(failures - tolerance, 0, Limit) / Limit;

    /// <summary>0 at a balance of 0 and below, rising evenly to 1 at +5.</summary>
    public static double Good(double balance) => Math.Clamp(balance, 0, Limit) / Limit;
}
