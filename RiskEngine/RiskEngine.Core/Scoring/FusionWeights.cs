using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>What evidence of one signal counts, as a factor.</summary>
/// <param name="For">Of evidence for abuse, <see cref="FusionWeights.Least"/> to <see cref="FusionWeights.Most"/>.</param>
/// <param name="Against">Of evidence against it, within the same bounds.</param>
public readonly record struct SignalWeight(double For, double Against);

/// <summary>How much each signal counts when evidence is fused: factors on evidence in nats, one for each signal and direction.</summary>
/// <remarks>
/// A logistic regression over evidence whose coefficients cannot be negative is monotone: more evidence for abuse never lowers a score. No factor
/// reaches zero, so that no fit switches a detector off, and none is so large that one detector decides alone. Immutable and thread-safe.
/// </remarks>
public sealed class FusionWeights
{
    /// <summary>Bounds of every factor.</summary>
    public const double Least = 0.25, Most = 4;

    /// <summary>The number of factors: two for each signal.</summary>
    internal static readonly int Count = 2 * Enum.GetValues<SignalCode>().Length;

    /// <summary>Factors in pairs by the number of the signal: against, for.</summary>
    private readonly double[] _factors = new double[Count];

    /// <param name="weights">Signals that are not named have a factor of 1.</param>
    /// <param name="curves">What novelty of device and place comes to.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is outside the bounds, or not a number.</exception>
    public FusionWeights(IReadOnlyDictionary<SignalCode, SignalWeight> weights, NoveltyCurves curves)
    {
        Curves = curves;
        Array.Fill(_factors, 1);
        foreach (var (code, weight) in weights) (_factors[IndexOf(code, isFor: false)], _factors[IndexOf(code, isFor: true)]) = (Within(weight.Against), Within(weight.For));
    }

    private FusionWeights(ReadOnlySpan<double> factors, NoveltyCurves curves)
    {
        Curves = curves;
        for (var i = 0; i < Count; i++) _factors[i] = Within(factors[i]);
    }

    /// <summary>Gets those by which evidence counts as the detectors give it.</summary>
    public static FusionWeights Even { get; } = new(new Dictionary<SignalCode, SignalWeight>(), NoveltyCurves.Even);

    /// <summary>Gets what novelty of device and place comes to.</summary>
    public NoveltyCurves Curves { get; }

    internal ReadOnlySpan<double> Factors => _factors;

    public SignalWeight this[SignalCode code] => new(_factors[IndexOf(code, isFor: true)], _factors[IndexOf(code, isFor: false)]);

    /// <summary>What evidence counts.</summary>
    /// <param name="evidence">In nats; above zero for abuse.</param>
    public double Weigh(SignalCode code, double evidence) => evidence * _factors[IndexOf(code, evidence > 0)];

    /// <param name="factors">As <see cref="Factors"/>.</param>
    internal static FusionWeights Of(ReadOnlySpan<double> factors, NoveltyCurves curves) => new(factors, curves);

    internal static int IndexOf(SignalCode code, bool isFor) => (2 * (int)code) + (isFor ? 1 : 0);

    private static double Within(double factor) => factor is >= Least and <= Most ? factor : throw new ArgumentOutOfRangeException(nameof(factor), factor, $"A factor is {Least} to {Most}.");
}
