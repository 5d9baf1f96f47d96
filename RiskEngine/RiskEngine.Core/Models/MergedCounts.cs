namespace RiskEngine.Core.Models;

/// <summary>Puts together counts that several judges added to.</summary>
internal static class MergedCounts
{
    /// <summary>Adds what came between <paramref name="before"/> and <paramref name="mine"/>, all of one time and length; no count falls below nothing.</summary>
    public static void Add(Span<float> current, ReadOnlySpan<float> mine, ReadOnlySpan<float> before)
    {
        for (var i = 0; i < current.Length; i++) current[i] = Add(current[i], mine[i], before[i]);
    }

    public static float Add(float current, float mine, float before) => MathF.Max(current + (mine - before), 0);
}
