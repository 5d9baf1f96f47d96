using System.Net;
using System.Net.Http.Headers;
using RiskEngine.Outbound;

namespace RiskEngine.Collectors.Authentik;

/// <summary>Asks authentik's API for one page at a time and says in words what came instead of one.</summary>
/// <remarks>Only reads, as an <see cref="OutboundClient"/> does: guarded, bounded, without redirections. Thread-safe.</remarks>
public sealed class AuthentikClient(AuthentikCollectorSettings settings, TimeProvider clock) : IDisposable
{
    private readonly OutboundClient _http = new(
        new OutboundTarget { Rules = settings.Outbound, AllowInsecure = settings.AllowInsecure, ConnectTimeout = settings.Timeout, Timeout = settings.Timeout, BodyLimit = settings.BodyLimit },
        clock);

    /// <summary>Asks for a page.</summary>
    /// <param name="path">Behind <c>/api/v3/</c>, with its query.</param>
    /// <returns>The page, or the fault.</returns>
    public async Task<(AuthentikPage? Page, PollFault? Fault)> GetAsync(string path, CancellationToken cancellation)
    {
        var token = settings.ReadToken();
        if (token is null || !AuthenticationHeaderValue.TryParse($"Bearer {token}", out var authorization))
            return Fail(PollFailure.Token, "the token is missing or is none: give token_file a file that this account can read and that holds the key of a token with intent \"API\"");

        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        request.Headers.Authorization = authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var (answer, fault) = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (answer is null) return Describe(fault!.Value);
        if (answer.Status != HttpStatusCode.OK) return (null, Describe(answer));
        if (!answer.IsJson) return Fail(PollFailure.NotJson, "the answer is no JSON but something for people; is the address that of authentik itself, and does no sign-in stand in front of it?");
        return AuthentikPage.TryRead(answer.Body, out var page) ? (page, null) : Fail(PollFailure.BadPage, "the answer breaks off or is no page of authentik's API");
    }

    public void Dispose() => _http.Dispose();

    private Uri Address(string path) => new($"{settings.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v3/{path}");

    private static PollFault Describe(OutboundAnswer answer)
    {
        var status = (int)answer.Status;
        var wait = answer.RetryAfter;
        return status switch
        {
            401 => new PollFault(PollFailure.Unauthorized, "the token is refused (401): it must be the key of a token with intent \"API\" whose owner is active, and not expired", wait),
            403 => new PollFault(PollFailure.Forbidden, "the token's owner may not read this (403): events need authentik_events.view_event, sessions authentik_core.view_authenticatedsession, accounts authentik_core.view_user", wait),
            404 => new PollFault(PollFailure.NotFound, "there is no such API at this address (404)", wait),
            429 => new PollFault(PollFailure.Throttled, "it asks to be asked less often (429)", wait),
            >= 500 => new PollFault(PollFailure.ServerError, $"it failed ({status})", wait),
            _ => new PollFault(PollFailure.UnexpectedStatus, $"it answers with status {status}{(status is >= 300 and < 400 ? ", a redirection, which is not followed: give the address it leads to" : "")}", wait),
        };
    }

    private static (AuthentikPage? Page, PollFault? Fault) Describe(OutboundFault fault) => Fail(
        fault.Failure switch
        {
            OutboundFailure.Refused => PollFailure.Refused,
            OutboundFailure.TimedOut => PollFailure.TimedOut,
            OutboundFailure.Broken => PollFailure.BadPage,
            OutboundFailure.TooLarge => PollFailure.TooLarge,
            _ => PollFailure.Unreachable,
        },
        fault.Words);

    private static (AuthentikPage? Page, PollFault? Fault) Fail(PollFailure failure, string detail) => (null, new PollFault(failure, detail));
}
