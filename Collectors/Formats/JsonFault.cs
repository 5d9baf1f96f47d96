using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Turns what <see cref="Utf8JsonReader"/> throws for broken JSON into a defect. The only exceptions on the way of an event.</summary>
internal static class JsonFault
{
    private const int DepthLimit = 64;

    /// <summary>Whether the exception is about the record and not a mistake of ours: the reader reports half a surrogate pair by the second type.</summary>
    public static bool IsExpected(Exception exception) => exception is JsonException or InvalidOperationException;

    public static Defect Describe(Exception exception, scoped in JsonCursor cursor) => Describe(exception, cursor.Position, cursor.Consumed, cursor.Depth);

    /// <param name="position">Where the current token starts.</param>
    /// <param name="consumed">How far the record has been read.</param>
    public static Defect Describe(Exception exception, int position, int consumed, int depth)
    {
        if (exception is not JsonException json) return new Defect(DefectReason.InvalidUtf8, position, "half of a surrogate pair in a text");
        if (depth >= DepthLimit - 1) return new Defect(DefectReason.TooDeep, consumed, "nested deeper than 64 levels");
        return new Defect(DefectReason.InvalidJson, json is { LineNumber: 0, BytePositionInLine: { } column } ? (int)column : consumed, "not valid JSON from here on");
    }
}
