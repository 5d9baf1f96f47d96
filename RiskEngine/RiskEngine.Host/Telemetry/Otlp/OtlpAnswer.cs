namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Reads what a receiver says of a push that it took: how much of it was refused.</summary>
/// <remarks>
/// <c>ExportTracePartialSuccess.rejected_spans</c> and <c>ExportMetricsPartialSuccess.rejected_data_points</c> (opentelemetry-proto, collector) lie at the same
/// place: number 1 within the message that is number 1. Pure. What is no such message says nothing.
/// </remarks>
internal static class OtlpAnswer
{
    private const byte MessageOne = (1 << 3) | 2, NumberOne = 1 << 3;

    /// <returns>How many spans or points were refused; 0 for none, and for an answer that does not say.</returns>
    public static long Rejected(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[0] != MessageOne) return 0;
        body = body[1..];
        if (!TryReadNumber(ref body, out var length) || length <= 1 || length > (ulong)body.Length || body[0] != NumberOne) return 0;
        body = body[1..(int)length];
        return TryReadNumber(ref body, out var rejected) && rejected <= int.MaxValue ? (long)rejected : 0;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (var i = 0; i < bytes.Length && i < 9; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
