using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.ForwardAuth;

/// <summary>What a proxy says of the request that it asks about. From anybody who is no trusted proxy none of it counts, but the address of the connection.</summary>
internal readonly ref struct ForwardedRequest
{
    private const int LongestText = 512, LongestUrl = 2048;

    private readonly IHeaderDictionary _headers;
    private readonly ForwardAuthSettings _settings;

    public ForwardedRequest(HttpContext context, ForwardAuthSettings settings)
    {
        (_headers, _settings) = (context.Request.Headers, settings);
        Address = context.Connection.RemoteIpAddress is { } remote ? IpAddress.FromBytes(remote.GetAddressBytes()) : default;
        if (!ForwardedAddress.IsFromProxy(context)) return;
        Subject = settings.SubjectHeader is { } header ? Text(header, LongestText) : "";
        Session = Cookie(context) is { Length: > 0 } session ? session : "";
        IsTrusted = true;
    }

    /// <summary>Gets the visitor's address: the first, from the right, that is no trusted proxy's.</summary>
    public IpAddress Address { get; }

    /// <summary>Gets the person who is signed in; empty for nobody.</summary>
    public string Subject { get; } = "";

    /// <summary>Gets the id of the session; empty for none.</summary>
    public string Session { get; } = "";

    public bool IsTrusted { get; }

    public string UserAgent => IsTrusted ? Text("User-Agent", LongestText) : "";

    /// <summary>Gets the host that was asked for, for the event; empty where it is none.</summary>
    public string Host => IsTrusted && First("X-Forwarded-Host", "X-Original-Host") is { Length: <= 255 } host && IsHost(host) ? host : "";

    /// <summary>Where to send somebody who is to be challenged: the configured page, with the address that was asked for in <c>rd</c> where the proxy says it and it is well-formed.</summary>
    public string ChallengeAt(Uri page)
    {
        if (!IsTrusted || !HttpMethods.IsGet(First("X-Forwarded-Method", "X-Original-Method") is { Length: > 0 } method ? method : HttpMethods.Get)) return page.AbsoluteUri;
        var (scheme, host, uri) = (First("X-Forwarded-Proto", "X-Original-Proto"), Host, First("X-Forwarded-Uri", "X-Original-URI"));
        if (scheme is not ("http" or "https") || host.Length == 0 || !IsPath(uri)) return page.AbsoluteUri;
        return $"{page.AbsoluteUri}{(page.Query.Length > 0 ? '&' : '?')}rd={Uri.EscapeDataString($"{scheme}://{host}{uri}")}";
    }

    private static bool IsHost(string host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or ':' or '[' or ']')) return false;
        }

        return host.Length > 0;
    }

    private static bool IsPath(string uri) =>
        uri.Length is > 0 and <= LongestUrl && uri[0] == '/' && !uri.StartsWith("//", StringComparison.Ordinal) && !uri.AsSpan().ContainsAnyExceptInRange('!', '~') && !uri.Contains('\\', StringComparison.Ordinal);

    private string Cookie(HttpContext context)
    {
        if (_settings.SessionHeader is { } header && Text(header, 4096) is { Length: > 0 } session) return session;
        return _settings.SessionCookie is { } cookie && context.Request.Cookies[cookie] is { Length: <= 4096 } value ? value : "";
    }

    private string First(string name, string other) => Text(name, LongestUrl) is { Length: > 0 } text ? text : Text(other, LongestUrl);

    /// <summary>A header's one value; nothing where it comes twice, is too long or has control characters.</summary>
    private string Text(string name, int longest) =>
        _headers[name] is [{ } text] && text.Length <= longest && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') ? text : "";
}
