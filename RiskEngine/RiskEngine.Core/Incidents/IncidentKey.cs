namespace RiskEngine.Core.Incidents;

/// <summary>What steps of one incident have in common.</summary>
[Flags]
internal enum IncidentKeys : byte
{
    None = 0,

    /// <summary>An IPv4 address or an IPv6 /64.</summary>
    Address = 1,

    /// <summary>An IPv4 /24 or an IPv6 /48.</summary>
    Network = 2,

    Asn = 4,

    Subject = 8,
}

/// <summary>One thing by which an incident is found.</summary>
/// <param name="Kind">Exactly one of the flags.</param>
internal readonly record struct IncidentKey(IncidentKeys Kind, ulong Value)
{
    /// <summary>Writes the keys of an event that are wanted and known, and returns how many.</summary>
    /// <param name="keys">Room for four.</param>
    public static int Of(in AssessedEvent e, IncidentKeys wanted, Span<IncidentKey> keys)
    {
        var count = 0;
        if ((wanted & IncidentKeys.Subject) != IncidentKeys.None) keys[count++] = new(IncidentKeys.Subject, e.Subject);
        if (!e.HasAddress) return count;
        if ((wanted & IncidentKeys.Address) != IncidentKeys.None) keys[count++] = new(IncidentKeys.Address, e.SourceIp.Unit);
        if ((wanted & IncidentKeys.Network) != IncidentKeys.None) keys[count++] = new(IncidentKeys.Network, e.SourceIp.Network);
        if ((wanted & IncidentKeys.Asn) != IncidentKeys.None && e.Asn != 0) keys[count++] = new(IncidentKeys.Asn, e.Asn);
        return count;
    }
}
