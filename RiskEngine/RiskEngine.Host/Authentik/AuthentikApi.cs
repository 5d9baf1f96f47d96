using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RiskEngine.Host.Cli;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Authentik;

/// <summary>Reads authentik's API for <c>authentik check</c>: only GET, one request at a time.</summary>
/// <param name="url">Of authentik, without <c>/api/v3</c>.</param>
/// <param name="token">The key of a token with intent "API".</param>
internal sealed class AuthentikApi(OutboundClient http, Uri url, string token)
{
    /// <summary>Asks for one object.</summary>
    /// <param name="path">Behind <c>/api/v3/</c>, with its query.</param>
    /// <returns>The object; null where the token's owner may not see it, or there is none.</returns>
    /// <exception cref="CommandFailure">Not to be asked by the rules of <c>outbound</c>, unreachable, not authentik, or the token is refused.</exception>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v3/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var (answer, fault) = await http.SendAsync(request, cancellation);
        if (answer is null) throw fault!.Value.Failure == OutboundFailure.Refused ? new CommandFailure(ExitCode.Usage, $"{url}: {fault.Value.Words}.") : Unreachable(fault.Value.Words);
        if (answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound) return null;
        if (answer.Status == HttpStatusCode.Unauthorized)
            throw new CommandFailure(ExitCode.Failed, $"{url}: the token is refused (401): it must be the key of a token with intent \"API\", not expired, whose owner is active.");
        if (answer.Status != HttpStatusCode.OK) throw Unreachable($"it answers with status {(int)answer.Status}{((int)answer.Status is >= 300 and < 400 ? ", a redirection, which is not followed: give the address it leads to" : "")}");
        return Parse(answer) is { ValueKind: JsonValueKind.Object } value ? value : throw Unreachable("what answers is not authentik's API; is the address that of authentik itself?");
    }

    /// <summary>Asks for the first page of a list, of up to 100.</summary>
    /// <returns>The elements that are objects; null where the token's owner may not see the list.</returns>
    /// <exception cref="CommandFailure">As for <see cref="GetAsync"/>.</exception>
    public async Task<IReadOnlyList<JsonElement>?> ListAsync(string path, CancellationToken cancellation)
    {
        var page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page_size=100", cancellation);
        return page is null ? null : [.. Field.List(page.Value, "results").Where(item => item.ValueKind == JsonValueKind.Object)];
    }

    private static JsonElement? Parse(OutboundAnswer answer)
    {
        if (!answer.IsJson) return null;
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CommandFailure Unreachable(string words) => new(ExitCode.Unreachable, $"{url}: {words}.");
}

/// <summary>Reads fields of what came from elsewhere: what is missing or of another type is empty.</summary>
internal static class Field
{
    public static string Text(JsonElement item, string name) => Of(item, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>A whole number; 0 where there is none.</summary>
    public static int Number(JsonElement item, string name) => Of(item, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : 0;

    public static bool IsTrue(JsonElement item, string name) => Of(item, name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> List(JsonElement item, string name) => Of(item, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The member; an undefined element where there is none.</summary>
    public static JsonElement Of(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? value : default;
}
