using System.Diagnostics;
using System.Text;

namespace RiskEngine.Core.Events;

/// <summary>The header <c>traceparent</c>, by which a trace goes from one program to the next (https://www.w3.org/TR/trace-context/#traceparent-header). Pure.</summary>
public static class TraceParent
{
    /// <summary>Bytes beyond which no header is read: those of today have 55.</summary>
    public const int Longest = 256;

    private const int Length = 55;

    /// <summary>The header as it is sent and stored.</summary>
    public static string Write(in ActivityContext trace) => $"00-{trace.TraceId}-{trace.SpanId}-{(byte)trace.TraceFlags:x2}";

    /// <summary>Reads a header that somebody sent; false where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> header, out ActivityContext trace)
    {
        trace = default;
        return header.Length <= Longest && Ascii.IsValid(header) && TryRead(Encoding.ASCII.GetString(header), null, out trace);
    }

    /// <summary>The same of text.</summary>
    /// <param name="state">The header <c>tracestate</c> that came with it; null for none.</param>
    public static bool TryRead(string? header, string? state, out ActivityContext trace)
    {
        trace = default;
        // What the library does not look at.
        return header is { Length: >= Length } && header[2] == '-' && header[35] == '-' && header[52] == '-' && ActivityContext.TryParse(header, state, isRemote: true, out trace);
    }

    /// <summary>Whether whoever began the trace has it recorded.</summary>
    public static bool IsRecorded(this in ActivityContext trace) => (trace.TraceFlags & ActivityTraceFlags.Recorded) != ActivityTraceFlags.None;
}
