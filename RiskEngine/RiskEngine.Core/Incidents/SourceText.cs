using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Incidents;

/// <summary>Words for where an incident comes from.</summary>
internal static class SourceText
{
    /// <summary>An address as it is counted: itself for IPv4, its /64 for IPv6.</summary>
    public static string Unit(in IpAddress address) => address.IsIPv4 ? address.ToString() : new AddressPrefix(new IpAddress(address.High, 0), 64).ToString();

    /// <summary>The network beside it: /24 for IPv4, /48 for IPv6.</summary>
    public static string Network(in IpAddress address) => address.IsIPv4
        ? new AddressPrefix(new IpAddress(address.High, address.Network), 120).ToString()
        : new AddressPrefix(new IpAddress(address.Network, 0), 48).ToString();

    /// <summary>Where all of it comes from, as short as it can be said.</summary>
    public static string Of(Incident incident, IncidentNaming naming)
    {
        var addresses = incident.Addresses.Distinct.Count;
        if (addresses == 0) return "no known address";
        var asns = incident.Asns.Distinct.Count;
        var system = asns == 1 ? $" (AS{incident.Asns.Most.First().Thing})" : "";
        if (addresses == 1) return naming.Of(incident.Addresses.Most.First().Thing) + system;
        if (naming.ShowsAddresses && incident.Networks.Distinct.Count == 1) return Network(incident.Networks.Most.First().Thing) + system;
        if (asns == 1) return $"{Number(incident.Addresses.Distinct)} addresses of AS{incident.Asns.Most.First().Thing}";
        return $"{Number(incident.Addresses.Distinct)} addresses" + (asns > 1 ? $" of {asns} autonomous systems" : "");
    }

    /// <summary>A count, with "about" where it is an estimate.</summary>
    public static string Number(DistinctCount count) => count.IsExact ? $"{count.Count}" : $"about {count.Count}";

    /// <summary>A count and its noun, in the singular or the plural.</summary>
    public static string Counted(DistinctCount count, string one, string many) => $"{Number(count)} {(count.Count == 1 ? one : many)}";

    public static string Counted(long count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
