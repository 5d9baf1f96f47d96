using System.Globalization;
using RiskEngine.Host.Api;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Security;

/// <summary>Lets nobody past without a key that may do what the route needs. Runs after routing and before the route.</summary>
/// <remarks>Also for paths and methods that do not exist: who has no key learns nothing of what is there. An address that keeps trying is slowed down; a key that works does from there too.</remarks>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, SecurityMetrics metrics, SecurityLog log, AddressRates failures, OperatorAddresses? operators)
{
    private const string Bearer = "Bearer ", ApiKey = "X-Api-Key";

    public Task InvokeAsync(HttpContext context)
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>();
        if (needed is { Scope: KeyScopes.None }) return next(context);
        if (needed is { Proof: CallerProof.ProxyOrBearer } && ForwardedAddress.IsFromProxy(context)) return next(context);

        // Methods that a path does not have carry no metadata.
        var isBouncer = needed is { Proof: CallerProof.ApiKey } || (needed is null && context.Request.Path.StartsWithSegments(LapiRoutes.Path, StringComparison.Ordinal));
        var header = isBouncer ? context.Request.Headers[ApiKey] : context.Request.Headers.Authorization;
        if (header.Count == 0) return Refuse(context, isBouncer, "no_key", StatusCodes.Status401Unauthorized, "A key is needed: Authorization: Bearer rk_….");
        var caller = header.Count == 1 ? Find(header[0], isBouncer) : null;
        if (caller is null) return Refuse(context, isBouncer, "bad_key", StatusCodes.Status401Unauthorized, "The key is not known, has ended or was revoked.");

        // Only paths and methods that do not exist have no metadata here; routing has its answer ready.
        if (needed is null) return next(context);
        if (!caller.Scopes.Allow(needed.Scope)) return Refuse(context, isBouncer, "scope", StatusCodes.Status403Forbidden, $"The key lacks the scope {needed.Scope.Name()}.");
        if (needed.Rate == RequestRate.Unlimited && needed.Scope == KeyScopes.Evaluate) return next(context);

        var bucket = needed.Rate == RequestRate.Submissions ? caller.Submissions : caller.Requests;
        if (!bucket.TryTake(out var retryAfter))
        {
            TellWhen(context, retryAfter);
            return Refuse(context, isBouncer, "rate", StatusCodes.Status429TooManyRequests, "The key has used up its rate of requests.");
        }

        if ((caller.Scopes & KeyScopes.Admin) != KeyScopes.None) _ = operators?.Note(context.Connection.RemoteIpAddress, caller.Name);
        caller.Attach(context);
        return next(context);
    }

    private Caller? Find(string? header, bool isBare)
    {
        if (isBare) return keys.Find(header);
        return header is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? keys.Find(header.AsSpan(Bearer.Length).Trim()) : null;
    }

    private static void TellWhen(HttpContext context, TimeSpan retryAfter) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private Task Refuse(HttpContext context, bool isBouncer, string reason, int status, string detail)
    {
        if (status == StatusCodes.Status401Unauthorized && !failures.TryTake(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            metrics.Refused("address_rate");
            TellWhen(context, retryAfter);
            return Answer(context, isBouncer, StatusCodes.Status429TooManyRequests, "Too many requests without a key that works came from this address.");
        }

        metrics.Refused(reason);
        log.Refused(reason, context.Connection.RemoteIpAddress?.ToString() ?? "unknown", status);
        if (status != StatusCodes.Status401Unauthorized) return Answer(context, isBouncer, status, detail);
        if (isBouncer) return Answer(context, isBouncer, StatusCodes.Status403Forbidden, LapiError.Forbidden);
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"riskengine\"";
        return Answer(context, isBouncer, status, detail);
    }

    private static Task Answer(HttpContext context, bool isBouncer, int status, string detail) =>
        isBouncer ? LapiError.Of(status, detail).ExecuteAsync(context) : Problems.Of(status, detail).ExecuteAsync(context);
}
