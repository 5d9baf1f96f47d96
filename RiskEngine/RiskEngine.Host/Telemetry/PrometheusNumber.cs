using System.Buffers;
using System.Globalization;
using System.Text;

namespace RiskEngine.Host.Telemetry;

/// <summary>Numbers as both formats have them. Pure.</summary>
internal static class PrometheusNumber
{
    private const int Longest = 32;
    private const double Exact = 1e15;

    public static void Write(IBufferWriter<byte> text, double value)
    {
        if (!double.IsFinite(value))
        {
            text.Write(double.IsPositiveInfinity(value) ? "+Inf"u8 : double.IsNegativeInfinity(value) ? "-Inf"u8 : "NaN"u8);
            return;
        }

        var room = text.GetSpan(Longest);
        int written;
        if (IsWhole(value)) ((long)value).TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        else value.TryFormat(room, out written, "R", CultureInfo.InvariantCulture);
        text.Advance(written);
    }

    /// <summary>A bound of a bucket: OpenMetrics wants them to be floating-point numbers, so that all writers spell them alike.</summary>
    public static string Bound(double value, bool openMetrics)
    {
        var text = new ArrayBufferWriter<byte>(Longest);
        Write(text, value);
        return Encoding.ASCII.GetString(text.WrittenSpan) + (openMetrics && IsWhole(value) ? ".0" : "");
    }

    private static bool IsWhole(double value) => Math.Abs(value) < Exact && value == Math.Floor(value);
}
