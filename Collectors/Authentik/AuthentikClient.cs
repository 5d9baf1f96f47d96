using System.Net;
using System.Net.Http.Headers;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Asks authentik's API for one page at a time and says in words what came instead of one.</summary>
/// <remarks>
/// Only reads. Follows no redirection, for the token would go along; keeps no cookies; a body beyond the limit is not read on. One request at a time:
/// the buffer of an answer is used for the next one.
/// </remarks>
public sealed class AuthentikClient : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly AuthentikCollectorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private byte[] _body = new byte[64 * 1024];

    public AuthentikClient(AuthentikCollectorSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectTimeout = settings.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("riskengine", null));
    }

    /// <summary>Asks for a page.</summary>
    /// <param name="path">Behind <c>/api/v3/</c>, with its query.</param>
    /// <returns>The page, good until the next call, or the fault.</returns>
    public async Task<(AuthentikPage? Page, PollFault? Fault)> GetAsync(string path, CancellationToken cancellation)
    {
        var token = _settings.ReadToken();
        if (token is null || !AuthenticationHeaderValue.TryParse($"Bearer {token}", out var authorization))
            return Fail(PollFailure.Token, "the token is missing or is none: give token_file a file that this account can read and that holds the key of a token with intent \"API\"");

        using var timeout = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
            request.Headers.Authorization = authorization;
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return (null, Describe(response));
            if (!IsJson(response.Content.Headers.ContentType)) return Fail(PollFailure.NotJson, "the answer is no JSON but something for people; is the address that of authentik itself, and does no sign-in stand in front of it?");
            var length = await ReadAsync(response.Content, either.Token).ConfigureAwait(false);
            if (length < 0) return Fail(PollFailure.TooLarge, $"a page is larger than {_settings.BodyLimit >> 20} MiB");
            return AuthentikPage.TryRead(_body.AsMemory(0, length), out var page) ? (page, null) : Fail(PollFailure.BadPage, "the answer breaks off or is no page of authentik's API");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fail(PollFailure.TimedOut, $"no answer within {_settings.Timeout.TotalSeconds:0.#} seconds");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            return Fail(PollFailure.BadPage, "the connection broke off before the end of the answer");
        }
        catch (HttpRequestException failure)
        {
            return Fail(PollFailure.Unreachable, $"cannot be reached ({failure.HttpRequestError})");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            return Fail(PollFailure.BadPage, "the connection broke off before the end of the answer");
        }
    }

    public void Dispose() => _http.Dispose();

    private Uri Address(string path) => new($"{_settings.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v3/{path}");

    /// <returns>The bytes read; −1 where there are more than may be.</returns>
    private async Task<int> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        for (var length = 0; ;)
        {
            if (length == _body.Length)
            {
                if (length > _settings.BodyLimit) return -1;
                Array.Resize(ref _body, Math.Min(_body.Length * 2, _settings.BodyLimit + 1));
            }

            var count = await stream.ReadAsync(_body.AsMemory(length), cancellation).ConfigureAwait(false);
            if (count == 0) return length > _settings.BodyLimit ? -1 : length;
            length += count;
        }
    }

    private PollFault Describe(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfter(response.Headers.RetryAfter);
        return status switch
        {
            401 => new PollFault(PollFailure.Unauthorized, "the token is refused (401): it must be the key of a token with intent \"API\" whose owner is active, and not expired", wait),
            403 => new PollFault(PollFailure.Forbidden, "the token's owner may not read this (403): events need authentik_events.view_event, sessions authentik_core.view_authenticatedsession", wait),
            404 => new PollFault(PollFailure.NotFound, "there is no such API at this address (404)", wait),
            429 => new PollFault(PollFailure.Throttled, "it asks to be asked less often (429)", wait),
            >= 500 => new PollFault(PollFailure.ServerError, $"it failed ({status})", wait),
            _ => new PollFault(PollFailure.UnexpectedStatus, $"it answers with status {status}{(status is >= 300 and < 400 ? ", a redirection, which is not followed: give the address it leads to" : "")}", wait),
        };
    }

    /// <summary>What the other side asks for, within reason.</summary>
    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _clock.GetUtcNow() : null);
        if (wait is null) return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    private static bool IsJson(MediaTypeHeaderValue? type) => type?.MediaType is "application/json" || (type?.MediaType?.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ?? false);

    private static (AuthentikPage? Page, PollFault? Fault) Fail(PollFailure failure, string detail) => (null, new PollFault(failure, detail));
}
