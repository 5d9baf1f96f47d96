using System.ComponentModel.DataAnnotations;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Which addresses this program may ask, under <c>outbound</c>: the guard against requests that somebody else steers (server-side request forgery).</summary>
/// <remarks>
/// <para>
/// An address is checked twice: its text when it is configured and before each request, and what its name resolves to whenever a connection is made;
/// only an address that was checked is connected to, so a name that changes its mind in between gains nothing.
/// </para>
/// <para>
/// Scheme: https, or http to this machine, or http where the target's own named switch says so. Port: any on this machine, elsewhere one of
/// <see cref="Ports"/>. Address: public, or this machine or a private network by name: written as a number by the administrator, or a name in
/// <see cref="PrivateHosts"/>. Link-local addresses (where clouds keep their credentials), multicast, reserved ones and tunnels that hide an IPv4
/// address (6to4, RFC 3056; Teredo, RFC 4380) are never asked. Immutable; thread-safe.
/// </para>
/// </remarks>
public sealed record OutboundRules : IValidatableObject
{
    /// <summary>Gets the ports that may be asked on other machines.</summary>
    /// <value>1 to 65535. The defaults are those of HTTPS and HTTP, and of authentik (9000, 9443), Alertmanager (9093), Loki (3100), OTLP over HTTP (4318) and CrowdSec (8080).</value>
    public IReadOnlyList<int> Ports { get; init; } = [80, 443, 3100, 4318, 8080, 8443, 9000, 9093, 9443];

    /// <summary>Gets the names that may resolve to private addresses; <c>*.</c> at the front stands for every name below.</summary>
    /// <value>Host names, such as <c>authentik-server</c> or <c>*.internal</c>. None by default.</value>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var port in Ports.Where(port => port is < 1 or > 65535)) yield return new ValidationResult($"{port} is no port; they go from 1 to 65535", [nameof(Ports)]);
        foreach (var host in PrivateHosts.Where(host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Unknown))
            yield return new ValidationResult($"'{host}' is no name of a host; write it without scheme, port and path", [nameof(PrivateHosts)]);
    }

    /// <summary>What is wrong with an address as it is written, in words for whoever wrote it; null for nothing.</summary>
    /// <param name="allowInsecure">Whether http beyond this machine is meant.</param>
    /// <param name="origin">Who named it.</param>
    public string? FaultOf(Uri url, bool allowInsecure, UrlOrigin origin = UrlOrigin.Administrator)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)) return "only https:// and http:// can be asked";
        if (url.UserInfo.Length > 0) return "a name or password in an address is not sent; remove it";
        var isHere = IsLocalName(url.IdnHost);
        if (Literal(url.IdnHost) is { } address)
        {
            isHere = AddressScopes.Of(address) == AddressScope.Loopback;
            if (FaultOf(url.IdnHost, address, origin) is { } fault) return fault;
        }

        if (isHere && origin == UrlOrigin.Administrator) return null;
        if (url.Scheme == Uri.UriSchemeHttp && !allowInsecure) return "without TLS it can be read and changed on the way; use https, or set allow_insecure_url: true beside it";
        return Ports.Contains(url.Port) ? null : $"port {url.Port} is not among outbound.ports; add it there if it is meant";
    }

    /// <summary>What speaks against connecting to what a name resolved to, in words; null for nothing.</summary>
    /// <param name="host">The name, or the number, as it stands in the address.</param>
    public string? FaultOf(string host, in IpAddress address, UrlOrigin origin = UrlOrigin.Administrator)
    {
        var scope = AddressScopes.Of(address);
        if (scope == AddressScope.Public) return IsTunnel(address) ? $"{host} is {address}, which hides another address" : null;
        if (scope is not (AddressScope.Private or AddressScope.Loopback or AddressScope.CarrierNat)) return $"{host} is {address}, which is never asked ({Words(scope)})";
        if (origin == UrlOrigin.Administrator && Literal(host) is not null) return null;
        if (origin == UrlOrigin.Administrator && scope == AddressScope.Loopback && IsLocalName(host)) return null;
        return IsNamed(host) ? null : $"{host} is {address} ({Words(scope)}); if that is meant, add {host} to outbound.private_hosts";
    }

    private bool IsNamed(string host)
    {
        foreach (var name in PrivateHosts)
        {
            if (name.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase) : string.Equals(name, host, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool IsLocalName(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    private static IpAddress? Literal(string host) => IpAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    private static bool IsTunnel(in IpAddress address) => !address.IsIPv4 && ((address.High >> 48) == 0x2002 || (address.High >> 32) == 0x2001_0000);

    private static string Words(AddressScope scope) => scope switch
    {
        AddressScope.Loopback => "this machine",
        AddressScope.LinkLocal => "link-local",
        AddressScope.Private => "a private network",
        AddressScope.CarrierNat => "a carrier's network",
        AddressScope.Multicast => "multicast",
        _ => "reserved",
    };
}

/// <summary>Who named an address that is to be asked.</summary>
public enum UrlOrigin : byte
{
    /// <summary>The administrator, in the configuration.</summary>
    Administrator,

    /// <summary>Anybody else: a private number written out is then no better than a name that resolves to it.</summary>
    Remote,
}
