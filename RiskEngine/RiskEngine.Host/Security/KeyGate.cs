using System.Globalization;
using RiskEngine.Host.Api;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Security;

/// <summary>Lets nobody past without a key that may do what the route needs. Runs after routing and before the route.</summary>
/// <remarks>Also for paths and methods that do not exist: who has no key learns nothing of what is there. An address that keeps trying is slowed down; a key that works does from there too.</remarks>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, SecurityMetrics metrics, SecurityLog log, AddressRates failures, OperatorAddresses? operators)
{
    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>();
        if (needed is { Scope: KeyScopes.None }) return next(context);

        var header = context.Request.Headers.Authorization;
        if (header.Count == 0) return Refuse(context, "no_key", StatusCodes.Status401Unauthorized, "A key is needed: Authorization: Bearer rk_….");
        var text = header.Count == 1 ? header[0] : null;
        var caller = text is not null && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? keys.Find(text.AsSpan(Bearer.Length).Trim()) : null;
        if (caller is null) return Refuse(context, "bad_key", StatusCodes.Status401Unauthorized, "The key is not known, has ended or was revoked.");

        // Only paths and methods that do not exist have no metadata here; routing has its answer ready.
        if (needed is null) return next(context);
        if (!caller.Scopes.Allow(needed.Scope)) return Refuse(context, "scope", StatusCodes.Status403Forbidden, $"The key lacks the scope {needed.Scope.Name()}.");
        if (needed.Rate == RequestRate.Unlimited && needed.Scope == KeyScopes.Evaluate) return next(context);

        var bucket = needed.Rate == RequestRate.Submissions ? caller.Submissions : caller.Requests;
        if (!bucket.TryTake(out var retryAfter))
        {
            TellWhen(context, retryAfter);
            return Refuse(context, "rate", StatusCodes.Status429TooManyRequests, "The key has used up its rate of requests.");
        }

        if ((caller.Scopes & KeyScopes.Admin) != KeyScopes.None) _ = operators?.Note(context.Connection.RemoteIpAddress, caller.Name);
        caller.Attach(context);
        return next(context);
    }

    private static void TellWhen(HttpContext context, TimeSpan retryAfter) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private Task Refuse(HttpContext context, string reason, int status, string detail)
    {
        if (status == StatusCodes.Status401Unauthorized && !failures.TryTake(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            metrics.Refused("address_rate");
            TellWhen(context, retryAfter);
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many requests without a key that works came from this address.").ExecuteAsync(context);
        }

        metrics.Refused(reason);
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer realm=\"riskengine\"";
        log.Refused(reason, context.Connection.RemoteIpAddress?.ToString() ?? "unknown", status);
        return Problems.Of(status, detail).ExecuteAsync(context);
    }
}
