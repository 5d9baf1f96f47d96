using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.ForwardAuth;

/// <summary><c>GET /forward-auth</c>: whether a visitor may pass, asked by a proxy for each request.</summary>
/// <remarks>
/// Looks up standing blocks and sessions that are to be challenged; scores nothing, and waits for nothing but the first time that somebody is to be challenged for something, which is stored before. A block of a rule on an address becomes a
/// challenge for somebody who is signed in, as in decision 9: addresses change hands. Answers say no more than a short code.
/// </remarks>
internal sealed class ForwardAuthEndpoint(ServerParts parts, ForwardAuthSettings settings, SessionReports reports, ChallengeKeeper challenges)
{
    public const string Path = "/forward-auth";

    private readonly KeyedHash _hash = parts.State.Hash;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, (Delegate)Handle)
        .Needs(KeyScopes.Evaluate, CallerProof.ProxyOrBearer, RequestRate.Unlimited)
        .WithName("forward-auth").WithTags("decisions").WithSummary("Says to a proxy whether a visitor may pass.")
        .WithDescription(
            "204 lets pass, 403 refuses, 302 leads to forward_auth.challenge_url; with style=nginx, whose auth_request knows no redirection, 401 with the same Location. "
            + "X-RiskEngine-Decision is allow, challenge or block; X-RiskEngine-Code is address, subject or session. Trusted proxies (http.trusted_proxies) need no key.")
        .Produces(StatusCodes.Status204NoContent).Produces(StatusCodes.Status302Found).Problem(401, 403);

    /// <summary>An answer has no body, so it goes out when this has ended.</summary>
    private Task Handle(HttpContext context) => Answer(context) ? challenges.StoreAskedAsync() : Task.CompletedTask;

    /// <returns>Whether a challenge is to be stored before the answer goes out.</returns>
    private bool Answer(HttpContext context)
    {
        var started = parts.Clock.GetTimestamp();
        var now = Audit.Now(parts);
        using var span = parts.Telemetry.Spans.BeginStrangers("GET /forward-auth");
        var request = new ForwardedRequest(context, settings);
        var session = request.Session.Length > 0 ? parts.Formats.SessionOf(Encoding.UTF8.GetBytes(request.Session)) : 0;
        var visitor = PersonOf(request);
        var (action, code, cause) = Decide(request, visitor, session, now);
        var isNew = false;
        if (action == DecisionAction.Challenge && visitor.Subject != 0)
        {
            var pair = StateKeys.Pair(_hash, visitor.AsEventsDo, request.Address);
            var keys = new ChallengeKeys(0, settings.SubjectForm == SubjectForm.Id ? (pair, 0) : (0, pair));
            isNew = parts.Telemetry.ChallengeLedger.Asked(keys, visitor.Subject, cause, now);
        }

        // Somebody who is refused everywhere would otherwise teach where a session is used.
        if (action != DecisionAction.Block) reports.Note(request, session, now);
        Answer(context, request, action, code);
        span?.SetTag("riskengine.decision", action.Name()).SetTag("http.response.status_code", context.Response.StatusCode);
        parts.Telemetry.ForwardAuth.Answered(action, parts.Clock.GetElapsedTime(started));
        return isNew;
    }

    /// <summary>Keys of the person: as lists name it, and as its events do; 0 for nobody.</summary>
    private (UInt128 Subject, UInt128 AsEventsDo) PersonOf(in ForwardedRequest request)
    {
        var named = Encoding.UTF8.GetBytes(request.Subject);
        if (named.Length == 0) return default;
        var subject = StateKeys.Subject(_hash, default, named, default);
        return (subject, settings.SubjectForm == SubjectForm.Id ? subject : StateKeys.Subject(_hash, default, default, named));
    }

    /// <summary>What is answered, and of a challenge what it is for: the block and the person, or the session and the address.</summary>
    private (DecisionAction Action, string? Code, UInt128 Cause) Decide(in ForwardedRequest request, (UInt128 Subject, UInt128 AsEventsDo) visitor, UInt128 session, EventTime now)
    {
        var engine = parts.Engine.Current;
        var access = new StandingAccess(parts.State.Blocks, parts.State.AllowList, parts.Facts, _hash, engine.Snapshot.Policy.Mode, engine.OperatorAddresses);
        if (access.Find(new Visitor(request.Address, visitor.Subject, session), now) is { } block)
        {
            var isOfAddress = StandingEntries.IsAboutAddress(block.Scope);
            var isSpared = isOfAddress && block.Origin == BlockOrigin.Policy && visitor.Subject != 0;
            if (!isSpared) return (DecisionAction.Block, isOfAddress ? "address" : block.Scope == BlockScope.Session ? "session" : "subject", 0);
            if (!parts.Telemetry.Challenges.HasPassed(visitor.AsEventsDo, request.Address, block.CreatedAt))
                return (DecisionAction.Challenge, "address", StateKeys.Pair(_hash, StateKeys.Pair(_hash, visitor.AsEventsDo, request.Address), (ulong)block.Id));
        }

        return parts.Telemetry.Challenges.IsChallenged(session, visitor.AsEventsDo, request.Address, now)
            ? (DecisionAction.Challenge, "session", ChallengeKeys.CauseOf(_hash, session, request.Address)) : (DecisionAction.Allow, null, 0);
    }

    private void Answer(HttpContext context, in ForwardedRequest request, DecisionAction action, string? code)
    {
        var response = context.Response;
        response.Headers["X-RiskEngine-Decision"] = action.Name();
        if (code is not null) response.Headers["X-RiskEngine-Code"] = code;
        response.StatusCode = action == DecisionAction.Allow ? StatusCodes.Status204NoContent : StatusCodes.Status403Forbidden;
        if (action == DecisionAction.Allow) return;
        // Said, so that nothing is put in the place of an empty body.
        response.ContentLength = 0;
        if (action != DecisionAction.Challenge || settings.ChallengeUrl is not { } page) return;
        response.StatusCode = context.Request.Query["style"] == "nginx" ? StatusCodes.Status401Unauthorized : StatusCodes.Status302Found;
        response.Headers.Location = request.ChallengeAt(page);
    }
}
