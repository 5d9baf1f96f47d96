using System.Net.Http.Headers;
using RiskEngine.Outbound;

namespace RiskEngine.Responders.Alertmanager;

/// <summary>Tells every instance of a cluster of Alertmanagers, at the same time.</summary>
/// <remarks>One that took them is enough: instances share what they have sent. Who was away is told with the next repetition. Thread-safe.</remarks>
public sealed class AlertmanagerClient(AlertmanagerTarget target, TimeProvider clock) : IDisposable
{
    /// <summary>Alerts in one request.</summary>
    private const int MostAtOnce = 64;

    private readonly OutboundClient _http = new(target.Outbound, clock);

    /// <summary>Tells every instance.</summary>
    /// <param name="tried">Told of each request: the instance, its answer or the fault, and how long it took.</param>
    /// <returns>Alerts that no instance took.</returns>
    public async Task<IReadOnlyList<Alert>> SendAsync(IReadOnlyList<Alert> alerts, Action<Uri, OutboundAnswer?, OutboundFault?, TimeSpan> tried, CancellationToken cancellationToken)
    {
        List<Alert> failed = [];
        foreach (var chunk in alerts.Chunk(MostAtOnce))
        {
            var body = AlertJson.Write(chunk, target.PublicUrl);
            var taken = await Task.WhenAll(target.Urls.Select(url => TellAsync(url, body, tried, cancellationToken))).ConfigureAwait(false);
            if (!taken.Contains(true)) failed.AddRange(chunk);
        }

        return failed;
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TellAsync(Uri url, ReadOnlyMemory<byte> body, Action<Uri, OutboundAnswer?, OutboundFault?, TimeSpan> tried, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v2/alerts") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (target.ReadAuthorization() is { } secret && AuthenticationHeaderValue.TryParse(secret, out var authorization)) request.Headers.Authorization = authorization;
        var began = clock.GetTimestamp();
        var (answer, fault) = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        tried(url, answer, fault, clock.GetElapsedTime(began));
        return answer is { IsSuccess: true };
    }
}
