using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RiskEngine.Host.Api;

/// <summary>Reads the small bodies that people and programs send to change something; faults are told by their place, never by what was found there.</summary>
internal static class JsonBody
{
    private const int Limit = 64 << 10;

    /// <returns>What was read, or the problem to answer with.</returns>
    public static async Task<(T? Body, ProblemHttpResult? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (MediaType.Of(context.Request.ContentType) != BodyKind.Json) return (null, Problems.UnsupportedMedia("The body must be application/json in UTF-8."));
        using var body = new BodyBuffer();
        if (await body.ReadAsync(context, Limit) is { } refused) return (null, refused);
        try
        {
            var read = JsonSerializer.Deserialize(body.Span, type);
            return read is null ? (null, Problems.BadRequest("The body must be a JSON object.")) : (read, null);
        }
        catch (JsonException fault)
        {
            return (null, Problems.BadRequest($"The body does not have the expected form{Place(fault)}. Unknown, missing and repeated members are refused."));
        }
    }

    private static string Place(JsonException fault)
    {
        // The path may hold names of members that the caller made up; only positions are safe to repeat.
        return fault is { LineNumber: { } line, BytePositionInLine: { } column } ? $" near line {line + 1}, byte {column}" : "";
    }
}
