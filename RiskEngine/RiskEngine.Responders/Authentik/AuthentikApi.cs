using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskEngine.Outbound;

namespace RiskEngine.Responders.Authentik;

/// <summary>What came of asking authentik: an answer, or what that means for the delivery.</summary>
/// <param name="Status">0 where there is no answer.</param>
internal readonly record struct ApiAnswer(int Status, ReadOnlyMemory<byte> Body, DeliveryResult Result)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Asks authentik's API, version 3 as of 2026.8, one request at a time.</summary>
/// <remarks>
/// What one token may do differs from path to path, so a 403 is this item's, not the target's; a 401 is the target's. Thread-safe.
/// </remarks>
internal sealed class AuthentikApi(AuthentikTarget target, OutboundClient client)
{
    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    public Task<ApiAnswer> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, cancellation);

    public Task<ApiAnswer> PostAsync(string path, JsonObject body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    public Task<ApiAnswer> PatchAsync(string path, JsonObject body, CancellationToken cancellation) => SendAsync(HttpMethod.Patch, path, body, cancellation);

    /// <summary>The rows of one page.</summary>
    /// <returns>Rows, good as long as the list; or what the failure means.</returns>
    public async Task<(IReadOnlyList<JsonElement>? Rows, DeliveryResult Result)> ListAsync(string path, CancellationToken cancellation)
    {
        var answer = await GetAsync(path, cancellation).ConfigureAwait(false);
        if (!answer.IsSuccess) return (null, answer.Result);
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array)
                return ([.. results.EnumerateArray().Select(row => row.Clone())], answer.Result);
        }
        catch (JsonException)
        {
            return (null, NoPage());
        }

        return (null, NoPage());
    }

    private static DeliveryResult NoPage() =>
        DeliveryResult.Unavailable(DeliveryReasons.BadAnswer, "the answer is no page of authentik's API; is the address that of authentik itself, and does no sign-in stand in front of it?");

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        if (target.ReadToken() is not { } token || !AuthenticationHeaderValue.TryParse($"Bearer {token}", out var authorization))
            return new ApiAnswer(0, default, DeliveryResult.Unavailable(DeliveryReasons.NoSecret, "the token cannot be read: give authentik.token_file a file that holds the key of a token with intent \"API\""));
        using var request = new HttpRequestMessage(method, new Uri($"{target.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v3/{path}"));
        request.Headers.Authorization = authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, AuthentikJsonNode.Default.JsonObject));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var (answer, fault) = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        var result = HttpDelivery.Of(answer, fault);
        if (answer is null) return new ApiAnswer(0, default, result);
        return new ApiAnswer((int)answer.Status, answer.Body, (int)answer.Status switch
        {
            403 => DeliveryResult.Retry(DeliveryReasons.Forbidden, $"the token's owner may not do this (403): {method} {path.Split('?')[0]}", answer.RetryAfter),
            404 => DeliveryResult.Never(DeliveryReasons.NotFound, "there is no such thing at authentik, or the token's owner may not see it (404)"),
            _ => result,
        });
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class AuthentikJsonNode : System.Text.Json.Serialization.JsonSerializerContext;
