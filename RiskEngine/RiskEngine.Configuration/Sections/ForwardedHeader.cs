namespace RiskEngine.Configuration;

/// <summary>The header in which trusted proxies say whom a request came from. One and not the other: a proxy passes on the one that it does not write, as anybody wrote it.</summary>
public enum ForwardedHeader
{
    /// <summary><c>X-Forwarded-For</c>, a list of addresses.</summary>
    XForwardedFor,

    /// <summary><c>Forwarded</c> (RFC 7239), of which <c>for</c> is read.</summary>
    Forwarded,
}
