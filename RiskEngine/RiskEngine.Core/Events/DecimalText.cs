namespace RiskEngine.Core.Events;

/// <summary>Writes numbers with a few decimals as ASCII: what assessments are full of, and several times faster than the shortest exact form.</summary>
/// <remarks>Pure and thread-safe; allocates nothing.</remarks>
public static class DecimalText
{
    /// <summary>Room in bytes that every number fits in.</summary>
    public const int MaximumLength = 32;

    private const double Largest = 1e12;

    /// <summary>Writes a number rounded to a fixed number of decimals, without zeros at its end, and returns the length.</summary>
    /// <param name="value">Finite. Beyond ±10¹² the exact form is written.</param>
    /// <param name="decimals">0 to 6.</param>
    /// <param name="ascii">At least <see cref="MaximumLength"/> bytes.</param>
    public static int Write(double value, int decimals, Span<byte> ascii)
    {
        if (!(Math.Abs(value) < Largest)) return value.TryFormat(ascii, out var exact) ? exact : 0;
        var scaled = (ulong)Math.Round(Math.Abs(value) * Scale(decimals), MidpointRounding.AwayFromZero);
        var isNegative = value < 0 && scaled != 0;
        while (decimals > 0 && scaled % 10 == 0) (scaled, decimals) = (scaled / 10, decimals - 1);

        // From the last digit to the first: dividing by ten, which the compiler knows, costs little.
        Span<byte> text = stackalloc byte[MaximumLength];
        var first = MaximumLength;
        for (var digit = 0; digit <= decimals || scaled != 0; digit++)
        {
            if (digit == decimals && decimals > 0) text[--first] = (byte)'.';
            text[--first] = (byte)('0' + (scaled % 10));
            scaled /= 10;
        }

        if (isNegative) text[--first] = (byte)'-';
        text[first..].CopyTo(ascii);
        return MaximumLength - first;
    }

    private static long Scale(int decimals) => decimals switch
    {
        0 => 1,
        1 => 10,
        2 => 100,
        3 => 1_000,
        4 => 10_000,
        5 => 100_000,
        6 => 1_000_000,
        _ => throw new ArgumentOutOfRangeException(nameof(decimals)),
    };
}
