using System.Net;
using Microsoft.Extensions.Primitives;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.Security;

/// <summary>Who called, where trusted proxies stand between: <c>X-Forwarded-For</c> or <c>Forwarded</c> (RFC 7239), read from its right end.</summary>
/// <remarks>
/// Each proxy adds on the right whom it heard the request from, and whatever stands further left was there before, written by anybody. So the address is
/// that of the peer; while it is a trusted proxy's, the next one to the left; the first that is not a trusted proxy called. A value that is no address
/// (RFC 7239, section 6, allows "unknown" and made-up names) ends the way: then the proxy that wrote it counts as the caller. Where the peer is no trusted
/// proxy the header is not looked at, and the other header never is: proxies pass on what they do not write. Pure; thread-safe.
/// </remarks>
internal sealed class ForwardedAddress(IReadOnlyList<AddressPrefix> trusted, ForwardedHeader header = ForwardedHeader.XForwardedFor)
{
    /// <summary>Proxies in a row that are followed.</summary>
    private const int LongestWay = 32;

    private static readonly object ProxyKey = new();

    private readonly string _name = header == ForwardedHeader.Forwarded ? "Forwarded" : "X-Forwarded-For";

    /// <summary>The address of the caller.</summary>
    /// <param name="values">All values of the header, in order.</param>
    public IpAddress Of(IpAddress peer, StringValues values)
    {
        var caller = peer;
        var hops = 0;
        for (var i = values.Count - 1; i >= 0; i--)
        {
            var rest = values[i].AsSpan();
            while (!rest.IsEmpty)
            {
                if (!IsTrusted(caller) || hops++ == LongestWay) return caller;
                var start = header == ForwardedHeader.Forwarded ? ForwardedElement.StartOfLast(rest) : rest.LastIndexOf(',') + 1;
                var last = header == ForwardedHeader.Forwarded ? ForwardedElement.For(rest[start..]) : rest[start..].Trim();
                if (!TryParse(last, out var before)) return caller;
                caller = before;
                rest = start == 0 ? default : rest[..(start - 1)];
            }
        }

        return caller;
    }

    /// <summary>Puts the caller's address in the place of the peer's, for everything behind, and notes that the peer is a trusted proxy.</summary>
    public RequestDelegate Before(RequestDelegate next) => context =>
    {
        if (trusted.Count > 0 && context.Connection.RemoteIpAddress is { } remote)
        {
            var peer = IpAddress.FromBytes(remote.GetAddressBytes());
            if (IsTrusted(peer)) context.Items[ProxyKey] = ProxyKey;
            if (context.Request.Headers[_name] is { Count: > 0 } values && Of(peer, values) is var caller && caller != peer) context.Connection.RemoteIpAddress = IPAddress.Parse(caller.ToString());
        }

        return next(context);
    };

    /// <summary>Whether the connection of a request comes from a trusted proxy, whomever the proxy speaks for.</summary>
    public static bool IsFromProxy(HttpContext context) => context.Items.ContainsKey(ProxyKey);

    /// <summary>An address, in brackets or with a port where somebody adds one.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.IsEmpty || text.Length > 64) return false;
        var end = text[0] == '[' ? text.IndexOf(']') : text.Count(':') == 1 ? text.IndexOf(':') : text.Length;
        if (end < 0) return false;
        var host = text[0] == '[' ? text[1..end] : text[..end];
        return IpAddress.TryParse(host.ToString(), out address) && !address.IsUnknown;
    }

    private bool IsTrusted(IpAddress address)
    {
        foreach (var network in trusted)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }
}
