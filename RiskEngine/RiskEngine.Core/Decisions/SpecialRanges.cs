using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Decisions;

/// <summary>Networks that are never blocked: one's own, the carrier's, the machine itself (RFC 1918, 6598, 3927, 4193, 4291).</summary>
internal static class SpecialRanges
{
    private static readonly AddressPrefix[] Ranges =
    [
        .. ((string[])["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10"])
            .Select(Networks.Parse),
    ];

    /// <summary>One that has an address in common with the range, of its own family where there is one; null where none has.</summary>
    public static AddressPrefix? Within(AddressPrefix range)
    {
        AddressPrefix? other = null;
        foreach (var special in Ranges)
        {
            if (!special.Overlaps(range)) continue;
            if (special.IsIPv4 == range.IsIPv4) return special;
            other ??= special;
        }

        return other;
    }
}
