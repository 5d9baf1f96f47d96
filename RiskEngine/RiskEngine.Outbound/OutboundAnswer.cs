using System.Net;
using System.Net.Http.Headers;

namespace RiskEngine.Outbound;

/// <summary>An answer, read to its end.</summary>
/// <param name="RetryAfter">How long the other side asks to wait: zero to a quarter of an hour; null where it asks for nothing.</param>
/// <param name="ETag">Of what was read, for asking whether it has changed; null for none.</param>
public sealed record OutboundAnswer(HttpStatusCode Status, MediaTypeHeaderValue? ContentType, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter, EntityTagHeaderValue? ETag)
{
    /// <summary>Gets the time by the other side's clock when it answered (RFC 9110, 6.6.1), to the second; null where it did not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Gets whether the status is one of success, 200 to 299.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Gets whether the answer says that it is JSON (RFC 8259, and <c>+json</c> of RFC 6839).</summary>
    public bool IsJson => ContentType?.MediaType is { } type && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
