namespace RiskEngine.Core.Models;

/// <summary>How far a count lies from what is usual, on a scale on which chance weighs the same for small and large counts.</summary>
/// <remarks>
/// Twice the difference of square roots, by Anscombe ("The transformation of Poisson, binomial and negative-binomial data", Biometrika 35, 1948): of a
/// Poisson count it is about normal with deviation 1. Counts of a fleet wander by more than chance, the more the larger they are, so a deviation of
/// √(1 + φ²μ) is taken for one; that is the negative binomial's, with φ a fifth.
/// </remarks>
internal static class CountScale
{
    /// <summary>By how much counts wander beyond chance, as a part of themselves.</summary>
    private const float Wander = 0.2f;

    private const float Offset = 3f / 8;

    /// <summary>Deviations that a count lies above what is usual; below 0 where it lies under it.</summary>
    /// <param name="usual">0 or more.</param>
    public static float Deviations(float count, float usual) => 2 * (MathF.Sqrt(count + Offset) - MathF.Sqrt(usual + Offset)) / One(usual);

    /// <summary>The count that lies so many deviations above what is usual.</summary>
    public static float CountAt(float deviations, float usual)
    {
        var root = MathF.Sqrt(usual + Offset) + (deviations * One(usual) / 2);
        return (root * root) - Offset;
    }

    private static float One(float usual) => MathF.Sqrt(1 + (Wander * Wander * usual));
}
