using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>What novelty of device and place comes to: the ratios of the likelihood model, calibrated.</summary>
/// <remarks>
/// <para>
/// A likelihood ratio is as good as its model of people and attackers; where it says too much or too little, a curve mends it. There is one for the sum of
/// what is said of the device, one for the place, and one for the smaller of the two where both speak for abuse: a new device in a new place says more than
/// either, since people seldom change both at once. All three only rise, so more evidence never lowers a score while novelty is not discounted, which is the default; and no evidence stays none.
/// </para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class NoveltyCurves
{
    /// <summary>Where the pieces of the curves meet, in nats.</summary>
    public static IReadOnlyList<double> Knots { get; } = [-4, -2, -1, 0, 1, 2, 3];

    /// <summary>The same of the curve for both at once, which begins at none.</summary>
    public static IReadOnlyList<double> BothKnots { get; } = [0, 1, 2, 3];

    private readonly MonotoneCurve _device;
    private readonly MonotoneCurve _place;
    private readonly MonotoneCurve _both;

    /// <param name="device">Slopes between <see cref="Knots"/>.</param>
    /// <param name="place">Slopes between <see cref="Knots"/>.</param>
    /// <param name="both">Slopes between <see cref="BothKnots"/>.</param>
    /// <exception cref="ArgumentException">There are too many slopes or too few, or one is out of bounds.</exception>
    public NoveltyCurves(IReadOnlyList<double> device, IReadOnlyList<double> place, IReadOnlyList<double> both)
    {
        (_device, _place, _both) = (new MonotoneCurve(Knots, device), new MonotoneCurve(Knots, place), new MonotoneCurve(BothKnots, both));
    }

    /// <summary>Gets those that change nothing.</summary>
    public static NoveltyCurves Even { get; } = new([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [0, 0, 0]);

    public IReadOnlyList<double> Device => _device.Slopes;

    public IReadOnlyList<double> Place => _place.Slopes;

    public IReadOnlyList<double> Both => _both.Slopes;

    /// <summary>Which half of novelty a signal belongs to: −1 for the device, 1 for the place, 0 for neither.</summary>
    public static int HalfOf(SignalCode code) => code switch
    {
        SignalCode.KnownDevice or SignalCode.NewDevice => -1,
        SignalCode.KnownAddress or SignalCode.NewAddress or SignalCode.NewAsn or SignalCode.NewCountry => 1,
        _ => 0,
    };

    /// <summary>By what evidence of each half is to be multiplied so that both halves come to what the curves say.</summary>
    /// <param name="device">Sum of what is said of the device, in nats.</param>
    /// <param name="place">The same of the place.</param>
    public (double Device, double Place) Factors(double device, double place)
    {
        var both = device > 0 && place > 0 ? _both[Math.Min(device, place)] / 2 : 0;
        return (Factor(_device[device] + both, device), Factor(_place[place] + both, place));
    }

    private static double Factor(double calibrated, double given) => given == 0 ? 1 : calibrated / given;
}
