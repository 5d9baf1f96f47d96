using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>Everything known of the outside world at one moment. Immutable and thread-safe; a reload builds a new one.</summary>
public sealed class FactSnapshot
{
    private readonly MmdbReader[] _city;
    private readonly AsnDatabase[] _asn;
    private readonly FeedSet _feeds;
    private readonly string? _ownVersion;

    public FactSnapshot(FactParts parts)
    {
        _city = [.. parts.City];
        _asn = [.. parts.Asn];
        _feeds = new FeedSet(parts.Feeds);
        Sources = parts.Sources;
        UnloadedFeeds = parts.UnloadedFeeds;
        Missing = [.. MissingFacts(parts)];
        Version = VersionOf(parts);
    }

    private FactSnapshot(FactSnapshot other, SubjectDirectory directory)
    {
        (_city, _asn, _feeds, Sources, UnloadedFeeds, Missing) = (other._city, other._asn, other._feeds, other.Sources, other.UnloadedFeeds, other.Missing);
        (Directory, _ownVersion) = (directory, other._ownVersion ?? other.Version);
        Version = directory.Count == 0 ? _ownVersion : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_ownVersion} {directory.Version}"))[..6]);
    }

    /// <summary>Gets the snapshot that knows only the scope of an address.</summary>
    public static FactSnapshot Empty { get; } = new(new FactParts());

    /// <summary>Gets the <c>facts_version</c> of assessments: 12 hexadecimal digits over the contents and the meaning given to them, or "none".</summary>
    public string Version { get; }

    /// <summary>Gets what is absent, for <c>degraded</c>: some of <c>city</c>, <c>asn</c>, <c>feeds</c>.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Gets where the facts came from and how old they are.</summary>
    public IReadOnlyList<FactSource> Sources { get; }

    /// <summary>Gets the names of the feeds that are configured and of which nothing serves.</summary>
    public IReadOnlyList<string> UnloadedFeeds { get; }

    /// <summary>Gets what is known of accounts.</summary>
    public SubjectDirectory Directory { get; } = SubjectDirectory.Empty;

    /// <summary>The same facts of addresses with those of accounts.</summary>
    public FactSnapshot With(SubjectDirectory directory) => new(this, directory);

    public int FeedCount => _feeds.Feeds.Count;

    /// <summary>Everything known of an address. Allocates nothing; what of a record cannot be read counts as unknown.</summary>
    public AddressFacts Lookup(in IpAddress address)
    {
        var facts = AddressFacts.Unknown;
        facts.Scope = AddressScopes.Of(address);
        if (!facts.Scope.IsEvaluable()) return facts;

        foreach (var city in _city)
        {
            if (city.Find(address, out var record, out _) != MmdbFault.None || record < 0) continue;
            GeoSchema.Read(city, record, ref facts);
            break;
        }

        // All of them: one may know the number, another the kinds of network.
        foreach (var asn in _asn) asn.AddTo(address, ref facts);

        _feeds.AddTo(address, ref facts);
        return facts;
    }

    /// <summary>The name of the feed with that index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public string FeedName(int feed) => _feeds.Feeds[feed].Name;

    /// <summary>The group of the feed with that index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public FeedGroup FeedGroupOf(int feed) => _feeds.Feeds[feed].Group;

    /// <summary>Who runs an autonomous system, for explanations; null when unknown.</summary>
    public string? OrganisationOf(uint asn)
    {
        foreach (var database in _asn)
        {
            if (database.OrganisationOf(asn) is { } name) return name;
        }

        return null;
    }

    /// <summary>The city of an address, for explanations; null when unknown. Allocates.</summary>
    public string? CityOf(in IpAddress address)
    {
        if (!AddressScopes.Of(address).IsEvaluable()) return null;
        foreach (var city in _city)
        {
            if (city.Find(address, out var record, out _) == MmdbFault.None && record >= 0) return GeoSchema.City(city, record);
        }

        return null;
    }

    private static IEnumerable<string> MissingFacts(FactParts parts)
    {
        if (parts.City.Count == 0) yield return "city";
        if (parts.Asn.Count == 0) yield return "asn";
        if (parts.Feeds.Count == 0 || parts.UnloadedFeeds.Count > 0) yield return "feeds";
    }

    private static string VersionOf(FactParts parts)
    {
        if (parts.Sources.Count == 0 && parts.Feeds.Count == 0) return "none";
        var text = new StringBuilder();
        foreach (var source in parts.Sources) text.Append(CultureInfo.InvariantCulture, $"{source.Kind} {source.Name} {source.ContentHash}\n");
        foreach (var feed in parts.Feeds) text.Append(CultureInfo.InvariantCulture, $"{feed.Name} {feed.Group} {feed.Evidence}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..6]);
    }
}
