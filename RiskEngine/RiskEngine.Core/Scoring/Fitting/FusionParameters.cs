using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>Weights and curves as one row of numbers with bounds: all factors, the slopes of the three curves, the base rate.</summary>
internal sealed class FusionParameters
{
    private static readonly double[] Knots = [.. NoveltyCurves.Knots];
    private static readonly double[] BothKnots = [.. NoveltyCurves.BothKnots];

    /// <summary>Where each part begins.</summary>
    private static readonly int Device = FusionWeights.Count, Place = Device + Knots.Length - 1, Both = Place + Knots.Length - 1, BaseRate = Both + BothKnots.Length - 1;

    /// <summary>Slopes of the device and the place do not go below: no evidence is ever quite ignored.</summary>
    private const double LeastSlope = 0.25;

    public FusionParameters(FusionFitSettings settings)
    {
        var start = settings.Start;
        Start = [.. start.Factors, .. start.Curves.Device, .. start.Curves.Place, .. start.Curves.Both, 0];
        (Least, Most) = ([.. Start], [.. Start]);
        for (var i = 0; i < Device; i++)
        {
            // What novelty counts is the curves' to say, where they are fitted.
            var code = (SignalCode)(i / 2);
            if (settings.Kept.Contains(code) || (settings.FitsCurves && NoveltyCurves.HalfOf(code) != 0)) continue;
            (Least[i], Most[i]) = (Math.Max(FusionWeights.Least, Start[i] / settings.Reach), Math.Min(FusionWeights.Most, Start[i] * settings.Reach));
        }

        for (var i = Device; i < BaseRate && settings.FitsCurves; i++) (Least[i], Most[i]) = (i < Both ? LeastSlope : 0, FusionWeights.Most);
        if (settings.HasOwnBaseRate) (Least[BaseRate], Most[BaseRate]) = (-20, 20);
    }

    public static int Count => BaseRate + 1;

    public double[] Start { get; }

    public double[] Least { get; }

    public double[] Most { get; }

    public static FusionWeights WeightsOf(double[] at) => FusionWeights.Of(at.AsSpan(0, Device), new NoveltyCurves(at[Device..Place], at[Place..Both], at[Both..BaseRate]));

    /// <summary>The slopes of one sample's log-odds.</summary>
    /// <param name="signals">As scored with the parameters.</param>
    /// <param name="index">Room for the places that are not zero, in no order; each once or more.</param>
    /// <param name="slope">Room for as many.</param>
    /// <returns>How many there are.</returns>
    public static int Slopes(double[] at, ReadOnlySpan<SignalRecord> signals, Span<int> index, Span<double> slope)
    {
        var (count, device, place) = (0, 0.0, 0.0);
        foreach (ref readonly var signal in signals)
        {
            var factor = FusionWeights.IndexOf(signal.Code, signal.Evidence > 0);
            var half = NoveltyCurves.HalfOf(signal.Code);
            if (half < 0) device += signal.Evidence * at[factor];
            else if (half > 0) place += signal.Evidence * at[factor];
            (index[count], slope[count++]) = (factor, signal.Contribution / at[factor]);
        }

        count = Along(device, Knots, Device, index, slope, count);
        count = Along(place, Knots, Place, index, slope, count);
        if (device > 0 && place > 0) count = Along(Math.Min(device, place), BothKnots, Both, index, slope, count);
        (index[count], slope[count++]) = (BaseRate, 1);
        return count;
    }

    private static int Along(double nats, double[] knots, int first, Span<int> index, Span<double> slope, int count)
    {
        if (nats == 0) return count;
        Span<double> along = stackalloc double[knots.Length - 1];
        MonotoneCurve.Along(nats, knots, along);
        for (var i = 0; i < along.Length; i++)
        {
            if (along[i] != 0) (index[count], slope[count++]) = (first + i, along[i]);
        }

        return count;
    }
}
