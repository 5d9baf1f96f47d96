using System.Collections.Frozen;
using System.Net;
using RiskEngine.Host.Api;
using RiskEngine.Host.ForwardAuth;
using RiskEngine.Host.Telemetry;
using RiskEngine.Responders.People;

namespace RiskEngine.Host.Security;

/// <summary>Refuses requests for names that are not ours, and requests that a foreign page had a browser make; puts safe headers on every answer.</summary>
/// <remarks>
/// A page that rebinds its own name to loopback carries that name as <c>Host</c>, so names are a closed set. An address as <c>Host</c> cannot be
/// rebound: it counts when it is the one that was connected to.
/// </remarks>
internal sealed class HostGate(RequestDelegate next, IEnumerable<string> names, SecurityMetrics metrics)
{
    private readonly FrozenSet<string> _names = names.Concat(["localhost", "127.0.0.1", "[::1]"]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";

        var request = context.Request;
        if (!IsOurs(context.Connection, request.Host)) return Refuse(context, "host", StatusCodes.Status421MisdirectedRequest, "This server does not go by that name. See http.allowed_hosts.");
        var origin = request.Headers.Origin;
        // A proxy that asks about a visitor's request may pass on what the visitor's browser wrote.
        if (origin.Count > 0 && ForwardedAddress.IsFromProxy(context) && request.Path == ForwardAuthEndpoint.Path) return next(context);
        // Behind a token of its own, and no cookie or key goes along by itself: whose page sent it does not matter. Browsers say "null" there, since no referrer is sent.
        if (origin.Count > 0 && request.Path.StartsWithSegments(ReportLinks.Path.TrimEnd('/'), StringComparison.Ordinal)) return next(context);
        if (origin.Count > 0 && !IsOwnOrigin(request, origin.ToString())) return Refuse(context, "origin", StatusCodes.Status403Forbidden, "Requests from pages of other origins are refused.");
        return next(context);
    }

    private static bool IsOwnOrigin(HttpRequest request, string origin) =>
        origin.Length == request.Scheme.Length + 3 + request.Host.Value?.Length && Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme == request.Scheme && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private bool IsOurs(ConnectionInfo connection, HostString host)
    {
        if (!host.HasValue) return false;
        var name = host.Host;
        return _names.Contains(name)
            || (IPAddress.TryParse(name.AsSpan().Trim("[]"), out var address) && connection.LocalIpAddress is { } local && address.MapToIPv6().Equals(local.MapToIPv6()));
    }

    private Task Refuse(HttpContext context, string reason, int status, string detail)
    {
        metrics.Refused(reason);
        return Problems.Of(status, detail).ExecuteAsync(context);
    }
}
