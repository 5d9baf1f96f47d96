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
        var scale = Scale(decimals);
        var scaled = (long)Math.Round(Math.Abs(value) * scale, MidpointRounding.AwayFromZero);
        var length = 0;
        if (value < 0 && scaled != 0) ascii[length++] = (byte)'-';
        length += WriteWhole(scaled / scale, ascii[length..]);
        var rest = scaled % scale;
        if (rest == 0) return length;
        ascii[length++] = (byte)'.';
        while (rest != 0)
        {
            scale /= 10;
            ascii[length++] = (byte)('0' + (rest / scale));
            rest %= scale;
        }

        return length;
    }

    private static int WriteWhole(long value, Span<byte> ascii)
    {
        var digits = 1;
        for (var rest = value; rest >= 10; rest /= 10) digits++;
        for (var i = digits - 1; i >= 0; i--)
        {
            ascii[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        return digits;
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
