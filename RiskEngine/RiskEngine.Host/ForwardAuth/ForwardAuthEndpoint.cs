using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.ForwardAuth;

/// <summary><c>GET /forward-auth</c>: whether a visitor may pass, asked by a proxy for each request.</summary>
/// <remarks>
/// Looks up standing blocks and sessions that are to be challenged; scores nothing and waits for nothing. A block of a rule on an address becomes a
/// challenge for somebody who is signed in, as in decision 9: addresses change hands. Answers say no more than a short code.
/// </remarks>
internal sealed class ForwardAuthEndpoint(ServerParts parts, ForwardAuthSettings settings, SessionReports reports)
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

    private Task Handle(HttpContext context)
    {
        var started = parts.Clock.GetTimestamp();
        var now = Audit.Now(parts);
        using var span = parts.Telemetry.Spans.BeginStrangers("GET /forward-auth");
        var request = new ForwardedRequest(context, settings);
        var session = request.Session.Length > 0 ? parts.Formats.SessionOf(Encoding.UTF8.GetBytes(request.Session)) : 0;
        var (action, code) = Decide(request, session, now);
        // Somebody who is refused everywhere would otherwise teach where a session is used.
        if (action != DecisionAction.Block) reports.Note(request, session, now);
        Answer(context, request, action, code);
        span?.SetTag("riskengine.decision", action.Name()).SetTag("http.response.status_code", context.Response.StatusCode);
        parts.Telemetry.ForwardAuth.Answered(action, parts.Clock.GetElapsedTime(started));
        return Task.CompletedTask;
    }

    private (DecisionAction Action, string? Code) Decide(in ForwardedRequest request, UInt128 session, EventTime now)
    {
        var named = Encoding.UTF8.GetBytes(request.Subject);
        var subject = named.Length == 0 ? 0 : StateKeys.Subject(_hash, default, named, default);
        var asEventsDo = named.Length == 0 ? 0 : settings.SubjectForm == SubjectForm.Id ? subject : StateKeys.Subject(_hash, default, default, named);
        var engine = parts.Engine.Current;
        var access = new StandingAccess(parts.State.Blocks, parts.State.AllowList, parts.Facts, _hash, engine.Snapshot.Policy.Mode, engine.OperatorAddresses);
        if (access.Find(new Visitor(request.Address, subject, session), now) is { } block)
        {
            var isOfAddress = StandingEntries.IsAboutAddress(block.Scope);
            var isSpared = isOfAddress && block.Origin == BlockOrigin.Policy && subject != 0;
            if (!isSpared) return (DecisionAction.Block, isOfAddress ? "address" : block.Scope == BlockScope.Session ? "session" : "subject");
            if (!parts.Telemetry.Challenges.HasPassed(asEventsDo, request.Address, block.CreatedAt)) return (DecisionAction.Challenge, "address");
        }

        return parts.Telemetry.Challenges.IsChallenged(session, asEventsDo, request.Address, now) ? (DecisionAction.Challenge, "session") : (DecisionAction.Allow, null);
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
