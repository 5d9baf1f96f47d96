namespace RiskEngine.Core.Scoring;

/// <summary>A curve through the origin of straight pieces that never fall: what evidence of a sum of nats comes to.</summary>
/// <remarks>Beyond its ends it goes on as straight as there. Immutable and thread-safe.</remarks>
public sealed class MonotoneCurve
{
    private readonly double[] _knots;
    private readonly double[] _slopes;
    private readonly double _origin;

    /// <param name="knots">Where the pieces meet, rising, 0 among them; the first and the last are where the outer pieces end that go on for ever.</param>
    /// <param name="slopes">Of each piece, not below zero; one fewer than knots.</param>
    /// <exception cref="ArgumentException">The numbers do not fit.</exception>
    public MonotoneCurve(IReadOnlyList<double> knots, IReadOnlyList<double> slopes)
    {
        if (slopes.Count != knots.Count - 1) throw new ArgumentException("A curve has one piece fewer than knots.", nameof(slopes));
        if (slopes.Any(slope => slope is not (>= 0 and <= FusionWeights.Most))) throw new ArgumentException($"A slope is 0 to {FusionWeights.Most}.", nameof(slopes));
        (_knots, _slopes) = ([.. knots], [.. slopes]);
        _origin = Sum(0);
    }

    public IReadOnlyList<double> Slopes => _slopes;

    /// <summary>What a sum comes to; 0 for 0.</summary>
    public double this[double nats] => Sum(nats) - _origin;

    /// <summary>How far a sum goes along each piece, less how far zero does: the value is the sum of these times the slopes.</summary>
    internal static void Along(double nats, ReadOnlySpan<double> knots, Span<double> along)
    {
        for (var i = 0; i < along.Length; i++) along[i] = Along(nats, knots, i) - Along(0, knots, i);
    }

    private double Sum(double nats)
    {
        var sum = 0.0;
        for (var i = 0; i < _slopes.Length; i++) sum += _slopes[i] * Along(nats, _knots, i);
        return sum;
    }

    private static double Along(double nats, ReadOnlySpan<double> knots, int piece)
    {
        var from = piece == 0 ? double.NegativeInfinity : knots[piece];
        var to = piece == knots.Length - 2 ? double.PositiveInfinity : knots[piece + 1];
        // Measured from the inner end of each piece, so that the outer ones have one.
        var inner = piece == 0 ? knots[1] : knots[piece];
        return Math.Clamp(nats, from, to) - inner;
    }
}
