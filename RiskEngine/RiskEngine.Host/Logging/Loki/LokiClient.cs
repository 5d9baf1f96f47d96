using System.Net.Http.Headers;
using System.Text;
using RiskEngine.Outbound;
using RiskEngine.Responders;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Pushes a batch to Loki, once, and says what became of it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LokiClient(LokiTarget target, TimeProvider clock) : IDisposable
{
    private const int LongestExcerpt = 200;

    private readonly OutboundClient _http = new(target.Outbound, clock);
    private readonly Uri _push = new($"{target.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/loki/api/v1/push");

    public async Task<DeliveryResult> PushAsync(ReadOnlyMemory<LokiEntry> entries, CancellationToken cancellationToken)
    {
        if (target.ReadAuthorization() is not { } secret) return DeliveryResult.Unavailable(DeliveryReasons.NoSecret, "the file with its credential cannot be read");
        using var request = new HttpRequestMessage(HttpMethod.Post, _push) { Content = new ReadOnlyMemoryContent(LokiPush.Body(entries.Span)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        if (target.Tenant is { } tenant) request.Headers.TryAddWithoutValidation("X-Scope-OrgID", tenant);
        if (AuthenticationHeaderValue.TryParse(secret, out var authorization)) request.Headers.Authorization = authorization;
        var (answer, fault) = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var result = HttpDelivery.Of(answer, fault);
        return answer is null || answer.IsSuccess ? result : result with { Words = $"{result.Words}{Excerpt(answer.Body.Span)}" };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What Loki says of it, on one line and cut: it is the only thing that names the limit.</summary>
    private static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestExcerpt)]);
        var words = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return words.Length == 0 ? "" : $": {words}";
    }
}
