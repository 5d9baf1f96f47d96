using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether the addresses in authentik's events are those of visitors, or that of a proxy.</summary>
/// <remarks>authentik writes 255.255.255.255 where it knows none. Everybody at one address is a proxy that is not trusted, or one too many.</remarks>
internal static class ClientAddresses
{
    private const string What = "addresses";
    private const string Unknown = "255.255.255.255";

    /// <summary>Below this many logins nothing can be said.</summary>
    private const int Enough = 10;

    private const string Mend = "Name your proxies' networks in AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS, let the outermost one set X-Forwarded-For and each further one append to it, "
        + "and look at the address of a new login. RiskEngine holds nothing against such an address, so brute force from one address goes unseen until then.";

    public static AuthentikFinding Judge(IReadOnlyList<string?> addresses)
    {
        var known = addresses.OfType<string>().Where(address => address != Unknown).ToList();
        if (addresses.Count < Enough) return AuthentikFinding.Fine(What, $"{addresses.Count} logins so far, too few to tell whether their addresses are those of visitors; look again later");
        if (known.Count * 2 < addresses.Count) return AuthentikFinding.Look(What, $"{addresses.Count - known.Count} of the last {addresses.Count} logins have no address or {Unknown}. {Mend}");
        var most = known.GroupBy(address => address).MaxBy(group => group.Count())!;
        var local = known.Count(IsLocal);
        if (most.Count() * 10 >= known.Count * 9)
            return AuthentikFinding.Look(What, $"{most.Count()} of the last {known.Count} logins came from {most.Key}{(IsLocal(most.Key) ? ", a private address" : "")}: that is a proxy, not a visitor. {Mend}");
        if (local == known.Count && known.Distinct().Count() <= 3)
            return AuthentikFinding.Look(What, $"all of the last {known.Count} logins came from {known.Distinct().Count()} private addresses: they look like proxies or container networks. {Mend}");
        return AuthentikFinding.Fine(What, $"the last {known.Count} logins came from {known.Distinct().Count()} addresses, {local} of them from private ones");
    }

    private static bool IsLocal(string text) => IpAddress.TryParse(text, out var address) && AddressScopes.Of(address) != AddressScope.Public;
}
