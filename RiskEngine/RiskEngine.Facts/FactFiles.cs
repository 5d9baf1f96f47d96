using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>The files facts come from: <c>geo.city</c>, <c>geo.asn</c> and <c>feeds</c> of the configuration. All may be absent.</summary>
public sealed record FactFiles
{
    /// <summary>Gets databases of places in MaxMind's format, asked in order; the first that knows an address wins, so IPv4 and IPv6 may be separate files.</summary>
    public IReadOnlyList<string> City { get; init; } = [];

    /// <summary>Gets databases of autonomous systems: MaxMind's format, or CSV of first address, last address, number, organisation; gzip allowed.</summary>
    public IReadOnlyList<string> Asn { get; init; } = [];

    /// <summary>Gets the feeds; at most 255, further ones are refused.</summary>
    public IReadOnlyList<FeedFile> Feeds { get; init; } = [];

    /// <summary>Gets the facts for which no file is named, by their names in <see cref="FactSnapshot.Missing"/>; one that is named and not in use is not among them.</summary>
    public IEnumerable<string> NotConfigured
    {
        get
        {
            if (City.Count == 0) yield return "city";
            if (Asn.Count == 0) yield return "asn";
            if (Feeds.Count == 0) yield return "feeds";
        }
    }
}

/// <summary>One entry of <c>feeds</c>.</summary>
public sealed record FeedFile
{
    /// <summary>Gets the name for people and metrics.</summary>
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required FeedGroup Group { get; init; }

    /// <summary>Gets what a hit is worth.</summary>
    /// <value>Nats, positive against the login; 0 for a feed that only names a kind of network. The default is 0.</value>
    public float Evidence { get; init; }

    /// <summary>Gets whether this program writes the file itself: then it was not cut off on its way, and few entries, or none, are what is meant. The default is false.</summary>
    public bool IsOurs { get; init; }
}
