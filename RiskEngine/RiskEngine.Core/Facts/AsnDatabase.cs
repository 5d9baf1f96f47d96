using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Autonomous systems by address, from a MaxMind database or from CSV ranges. Immutable and thread-safe.</summary>
public sealed class AsnDatabase
{
    private readonly MmdbReader? _reader;
    private readonly Dictionary<uint, int> _records = [];
    private readonly AsnRanges? _ranges;

    /// <param name="reader">A database whose records hold a number; which number stands in which record is noted here, once.</param>
    public AsnDatabase(MmdbReader reader)
    {
        _reader = reader;
        var seen = new HashSet<int>();
        foreach (var network in reader.Networks())
        {
            if (!seen.Add(network.Record)) continue;
            var facts = AddressFacts.Unknown;
            GeoSchema.Read(reader, network.Record, ref facts);
            if (facts.Asn != 0) _records.TryAdd(facts.Asn, network.Record);
        }
    }

    public AsnDatabase(AsnRanges ranges) => _ranges = ranges;

    /// <summary>Adds the number, and what else a database's record knows, where it is not known yet.</summary>
    public void AddTo(in IpAddress address, ref AddressFacts facts)
    {
        if (_ranges is not null)
        {
            if (facts.Asn == 0) facts.Asn = _ranges.Map.Find(address);
        }
        else if (_reader!.Find(address, out var record, out _) == MmdbFault.None && record >= 0)
        {
            GeoSchema.Read(_reader, record, ref facts);
        }
    }

    /// <summary>The organisation that runs an autonomous system; null when unknown.</summary>
    public string? OrganisationOf(uint asn)
    {
        if (_ranges is not null) return _ranges.Organisations.GetValueOrDefault(asn);
        return _records.TryGetValue(asn, out var record) ? GeoSchema.AutonomousSystem(_reader!, record).Organisation : null;
    }
}
