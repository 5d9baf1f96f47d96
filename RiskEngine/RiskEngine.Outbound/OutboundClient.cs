using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace RiskEngine.Outbound;

/// <summary>The one way in which this program asks another: guarded, bounded in time and size, and with words for each failure.</summary>
/// <remarks>
/// Follows no redirection, for the credential would go along; uses no proxy of the environment, keeps no cookies, retries nothing. Checks the address
/// before each request and what it resolves to at each connection, see <see cref="Core.Facts.OutboundRules"/>. Tells the other side the trace that the
/// caller is in (W3C Trace Context), where there is one. Thread-safe.
/// </remarks>
public sealed class OutboundClient : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly OutboundTarget _target;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public OutboundClient(OutboundTarget target, TimeProvider clock)
    {
        (_target, _clock) = (target, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectCallback = new PinnedConnector(target).ConnectAsync,
            ConnectTimeout = target.ConnectTimeout,
            MaxConnectionsPerServer = target.Connections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 64,
            // It would put a span of its own in between, which nobody is told of.
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("riskengine", null));
    }

    /// <summary>The same for a library that asks by an <see cref="HttpClient"/>. Its time-out is this client's.</summary>
    /// <param name="dress">Adds headers to each request; a fault lets it not out.</param>
    /// <param name="tell">Told what became of each request.</param>
    /// <returns>To be disposed of before this client.</returns>
    public HttpClient ForLibrary(Func<HttpRequestMessage, OutboundFault?> dress, Action<OutboundAnswer?, OutboundFault?> tell) =>
        new(new OutboundHandler(this, dress, tell)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="request">Disposed of by the caller.</param>
    /// <returns>The answer, whatever its status, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<(OutboundAnswer? Answer, OutboundFault? Fault)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } url) return (null, new OutboundFault(OutboundFailure.Refused, "there is no address"));
        if (_target.Rules.FaultOf(url, _target.AllowInsecure, _target.Origin) is { } fault) return (null, new OutboundFault(OutboundFailure.Refused, fault));
        AddTrace(request);
        using var timeout = new CancellationTokenSource(_target.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = await BoundedBody.ReadAsync(response.Content, _target.BodyLimit, either.Token).ConfigureAwait(false);
            if (body is null) return (null, new OutboundFault(OutboundFailure.TooLarge, $"its answer is larger than {_target.BodyLimit / 1024} KiB"));
            var answer = new OutboundAnswer(response.StatusCode, response.Content.Headers.ContentType, body.Value, WaitAskedFor(response.Headers.RetryAfter), response.Headers.ETag)
            {
                Date = response.Headers.Date,
            };
            return (answer, null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && OutboundFault.Of(failure, _target.Timeout) is not null)
        {
            return (null, OutboundFault.Of(failure, _target.Timeout));
        }
    }

    public void Dispose() => _http.Dispose();

    private static void AddTrace(HttpRequestMessage request)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } span) return;
        request.Headers.TryAddWithoutValidation("traceparent", span.Id);
        if (span.TraceStateString is { Length: > 0 } state) request.Headers.TryAddWithoutValidation("tracestate", state);
    }

    /// <summary>What the other side asks for (RFC 9110, 10.2.3), within reason.</summary>
    private TimeSpan? WaitAskedFor(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _clock.GetUtcNow() : null);
        if (wait is null) return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
