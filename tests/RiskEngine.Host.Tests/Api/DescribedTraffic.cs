using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace RiskEngine.Host.Tests.Api;

/// <summary>Holds all that a test sends and gets against the OpenAPI document, so that the document cannot say what the program does not do.</summary>
/// <remarks>
/// A request that was taken and an answer that do not fit fail the test that made them. Not looked at: compressed bodies, streams, what is longer than
/// <see cref="Longest"/>, and paths that the document does not have.
/// </remarks>
/// <param name="exercised">Takes the operations that were held against it.</param>
internal sealed class DescribedTraffic(ConcurrentDictionary<string, int> exercised) : DelegatingHandler(new HttpClientHandler())
{
    private const int Longest = 64 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        if (!OpenApiChecker.IsThere || path.StartsWith("/openapi/", StringComparison.Ordinal)) return await base.SendAsync(request, cancellationToken);
        // Content that makes its bytes only while it is sent is left alone.
        var sent = request.Content is ByteArrayContent whole && IsPlain(whole.Headers) ? await whole.ReadAsStringAsync(cancellationToken) : null;
        var sentType = request.Content?.Headers.ContentType?.ToString();
        var response = await base.SendAsync(request, cancellationToken);
        var gotType = response.Content.Headers.ContentType?.ToString();
        string? got = null;
        if (gotType is not null && !gotType.StartsWith("text/event-stream", StringComparison.Ordinal) && IsPlain(response.Content.Headers))
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            got = await response.Content.ReadAsStringAsync(cancellationToken);
        }

        if (sent?.Length > Longest || got?.Length > Longest) return response;
        var (operation, faults) = await OpenApiChecker.CheckAsync(new Exchange(request.Method.Method, path, sentType, sent, (int)response.StatusCode, gotType, got));
        if (operation is not null) exercised.AddOrUpdate(operation, 1, (_, count) => count + 1);
        Assert.True(faults.Count == 0, $"{operation} is not as the OpenAPI document says:\n{string.Join('\n', faults)}");
        return response;
    }

    private static bool IsPlain(HttpContentHeaders headers) => headers.ContentEncoding.Count == 0;
}
