using System.Net;
using Microsoft.Extensions.Primitives;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.Security;

/// <summary>Who called, where trusted proxies stand between: <c>X-Forwarded-For</c>, read from its right end.</summary>
/// <remarks>
/// Each proxy adds on the right whom it heard the request from, and whatever stands further left was there before, written by anybody. So the address is
/// that of the peer; while it is a trusted proxy's, the next one to the left; the first that is not a trusted proxy called. A value that is no address
/// (RFC 7239, section 6, allows "unknown" and made-up names) ends the way: then the proxy that wrote it counts as the caller. Where the peer is no trusted
/// proxy the header is not looked at. Pure; thread-safe.
/// </remarks>
internal sealed class ForwardedAddress(IReadOnlyList<AddressPrefix> trusted)
{
    /// <summary>Proxies in a row that are followed.</summary>
    private const int LongestWay = 32;

    /// <summary>The address of the caller.</summary>
    /// <param name="forwardedFor">All values of the header, in order.</param>
    public IpAddress Of(IpAddress peer, StringValues forwardedFor)
    {
        var caller = peer;
        var hops = 0;
        for (var i = forwardedFor.Count - 1; i >= 0; i--)
        {
            var rest = forwardedFor[i].AsSpan();
            while (!rest.IsEmpty)
            {
                if (!IsTrusted(caller) || hops++ == LongestWay) return caller;
                var comma = rest.LastIndexOf(',');
                if (!TryParse(rest[(comma + 1)..].Trim(), out var before)) return caller;
                caller = before;
                rest = comma < 0 ? default : rest[..comma];
            }
        }

        return caller;
    }

    /// <summary>Puts the caller's address in the place of the peer's, for everything behind.</summary>
    public RequestDelegate Before(RequestDelegate next) => context =>
    {
        if (trusted.Count > 0 && context.Connection.RemoteIpAddress is { } remote && context.Request.Headers["X-Forwarded-For"] is { Count: > 0 } header)
        {
            var peer = IpAddress.FromBytes(remote.GetAddressBytes());
            if (Of(peer, header) is var caller && caller != peer) context.Connection.RemoteIpAddress = IPAddress.Parse(caller.ToString());
        }

        return next(context);
    };

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
