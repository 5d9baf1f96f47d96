namespace RiskEngine.Core.Facts;

/// <summary>What a <see cref="FactSnapshot"/> is made of. Databases are asked in order; the first that knows an address wins.</summary>
public sealed record FactParts
{
    public IReadOnlyList<MmdbReader> City { get; init; } = [];

    public IReadOnlyList<AsnDatabase> Asn { get; init; } = [];

    public IReadOnlyList<Feed> Feeds { get; init; } = [];

    /// <summary>Gets the names of the feeds that are configured and not among them: their files are missing or refused.</summary>
    public IReadOnlyList<string> UnloadedFeeds { get; init; } = [];

    /// <summary>Gets where they came from.</summary>
    public IReadOnlyList<FactSource> Sources { get; init; } = [];
}
