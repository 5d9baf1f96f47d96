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

    /// <summary>Where it comes from, as short as it can be said: what nine of ten events come from stands for all.</summary>
    public static string Of(Incident incident, IncidentNaming naming)
    {
        var addresses = incident.Addresses.Distinct.Count;
        if (addresses == 0) return "no known address";
        var asn = Leading(incident.Asns, incident);
        var system = asn is { } number ? $" (AS{number})" : "";
        if (Leading(incident.Addresses, incident) is { } address) return naming.Of(address) + system + (addresses > 1 ? " and elsewhere" : "");
        if (naming.ShowsAddresses && Leading(incident.Networks, incident) is { } network) return Network(network) + system + (incident.Networks.Distinct.Count > 1 ? " and elsewhere" : "");
        var asns = incident.Asns.Distinct.Count;
        var counted = $"{Number(incident.Addresses.Distinct)} addresses";
        if (asn is { } one) return asns == 1 ? $"{counted} of AS{one}" : $"{counted}, most of AS{one}";
        return asns > 1 ? $"{counted} of {asns} autonomous systems" : counted;
    }

    /// <summary>What nine of ten events come from; null for none.</summary>
    public static T? Leading<T>(Tally<T> tally, Incident incident)
        where T : struct => tally.Most.FirstOrDefault() is { Count: > 0 } first && first.Count * 10 >= incident.Events * 9 ? first.Thing : null;

    /// <summary>A count, with "about" where it is an estimate.</summary>
    public static string Number(DistinctCount count) => count.IsExact ? $"{count.Count}" : $"about {count.Count}";

    /// <summary>A count and its noun, in the singular or the plural.</summary>
    public static string Counted(DistinctCount count, string one, string many) => $"{Number(count)} {(count.Count == 1 ? one : many)}";

    public static string Counted(long count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
