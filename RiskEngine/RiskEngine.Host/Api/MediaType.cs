using Microsoft.Net.Http.Headers;

namespace RiskEngine.Host.Api;

/// <summary>What a body holds.</summary>
internal enum BodyKind : byte
{
    /// <summary>Something that no route takes.</summary>
    Other,
    Json,
    JsonLines,
}

/// <summary>Reads <c>Content-Type</c>. A charset other than UTF-8 is refused: the formats read bytes.</summary>
internal static class MediaType
{
    public const string Json = "application/json", TextJson = "text/json", JsonLines = "application/x-ndjson";

    public static BodyKind Of(string? contentType)
    {
        if (contentType is Json) return BodyKind.Json;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return BodyKind.Other;
        if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return BodyKind.Other;
        if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals(TextJson, StringComparison.OrdinalIgnoreCase)) return BodyKind.Json;
        return type.MediaType.Equals(JsonLines, StringComparison.OrdinalIgnoreCase) ? BodyKind.JsonLines : BodyKind.Other;
    }
}
