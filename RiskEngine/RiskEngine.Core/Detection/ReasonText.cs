using System.Runtime.CompilerServices;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>An interpolated string written straight into bytes.</summary>
/// <remarks>The library's handler is generic and boxes numbers in code that is not optimised yet; this one never does. What does not fit is left out.</remarks>
[InterpolatedStringHandler]
internal ref struct ReasonText
{
    private readonly Span<byte> _utf8;

    /// <param name="literalLength">Given by the compiler, as the next.</param>
    /// <param name="formattedCount">Not needed.</param>
    /// <param name="utf8">Where the text goes.</param>
    public ReasonText(int literalLength, int formattedCount, Span<byte> utf8)
    {
        _ = literalLength + formattedCount;
        _utf8 = utf8;
    }

    /// <summary>Gets the bytes written.</summary>
    public int Length { get; private set; }

    public void AppendLiteral(string value) => AppendFormatted(value);

    public void AppendFormatted(string value)
    {
        if (Encoding.UTF8.TryGetBytes(value, _utf8[Length..], out var written)) Length += written;
    }

    public void AppendFormatted(double value, string format)
    {
        if (format is ['F', >= '0' and <= '6'] && _utf8.Length - Length >= DecimalText.MaximumLength)
        {
            Length += DecimalText.Write(value, format[1] - '0', _utf8[Length..]);
            return;
        }

        if (value.TryFormat(_utf8[Length..], out var written, format)) Length += written;
    }

    public void AppendFormatted(int value)
    {
        if (value.TryFormat(_utf8[Length..], out var written)) Length += written;
    }

    /// <param name="value">An ASCII letter.</param>
    public void AppendFormatted(char value)
    {
        if (Length < _utf8.Length) _utf8[Length++] = (byte)value;
    }
}
