using System.Security.Cryptography;
using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>The verified content of one file.</summary>
internal sealed record FactContent
{
    /// <summary>Networks of a database among which at least one must know what the database is for.</summary>
    private const int NetworksToSample = 1000;

    public required int Entries { get; init; }

    public int Defects { get; init; }

    /// <summary>Gets which lines of a text were left out, in words; null when none was.</summary>
    public string? LeftOut { get; init; }

    public required DateTimeOffset BuiltAt { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    public required string Hash { get; init; }

    public MmdbReader? City { get; init; }

    public AsnDatabase? Asn { get; init; }

    public FeedContent? Feed { get; init; }

    /// <summary>Verifies the bytes of a file and makes of them what they are for.</summary>
    /// <returns>Why they cannot be used; null when they can.</returns>
    public static string? TryRead(FactFileKey file, byte[] bytes, FileStamp stamp, DateTimeOffset now, out FactContent? content)
    {
        content = null;
        var kind = file.Kind;
        if (bytes.Length == 0) return "the file is empty";
        var written = new DateTimeOffset(stamp.WrittenAt, TimeSpan.Zero);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (kind == FactKind.Feed)
        {
            var feed = FeedParser.Parse(bytes);
            var leftOut = feed.DescribeDefects();
            content = new FactContent { Entries = feed.Count, Defects = feed.Defects, LeftOut = leftOut, BuiltAt = written, LoadedAt = now, Hash = hash, Feed = feed };
            if (feed.Count == 0 && !file.IsOurs) return feed.Defects > feed.Unreadable ? $"it names no address to use: {leftOut}" : "it names no address";
            return feed.Unreadable > feed.Count ? $"{feed.Unreadable} of its lines are not addresses, the first is line {feed.FirstDefectLine}" : null;
        }

        var fault = MmdbReader.TryOpen(bytes, out var reader);
        if (reader is null)
        {
            if (kind == FactKind.City || fault != MmdbFault.NoMetadata || bytes.AsSpan().Contains((byte)0)) return fault.Text();
            var ranges = AsnRanges.Parse(bytes);
            var count = ranges.Map.Count;
            var leftOut = ranges.Defects switch { 0 => null, 1 => "1 line left out (not understood)", var lines => $"{lines} lines left out (not understood)" };
            content = new FactContent { Entries = count, Defects = ranges.Defects, LeftOut = leftOut, BuiltAt = written, LoadedAt = now, Hash = hash, Asn = new AsnDatabase(ranges) };
            return count == 0 || ranges.Defects > count ? "it is neither a MaxMind database nor CSV of first address, last address, number, organisation" : null;
        }

        var check = MmdbCheck.Run(reader);
        if (check.Fault != MmdbFault.None) return check.Fault.Text();
        if (!Knows(kind, reader)) return kind == FactKind.City ? "its records name neither country nor location" : "its records name neither an autonomous system nor a kind of network";
        content = new FactContent
        {
            Entries = check.Entries,
            BuiltAt = reader.Metadata.BuiltAt,
            LoadedAt = now,
            Hash = hash,
            City = kind == FactKind.City ? reader : null,
            Asn = kind == FactKind.Asn ? new AsnDatabase(reader) : null,
        };
        return null;
    }

    /// <summary>Looks up the first networks: a database of another kind would serve without a fault and know nothing.</summary>
    private static bool Knows(FactKind kind, MmdbReader reader)
    {
        foreach (var network in reader.Networks().Take(NetworksToSample))
        {
            var facts = AddressFacts.Unknown;
            if (reader.Find(network.Address, out var record, out _) != MmdbFault.None || record < 0) return false;
            if (GeoSchema.Read(reader, record, ref facts) != MmdbFault.None) return false;
            if (kind == FactKind.City ? facts.Country.IsKnown || facts.HasLocation : facts.Asn != 0 || facts.Networks != NetworkKinds.None) return true;
        }

        return false;
    }
}
