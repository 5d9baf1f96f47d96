namespace RiskEngine.Core.Facts;

/// <summary>What a <see cref="FactSnapshot"/> is made of. Databases are asked in order; the first that knows an address wins.</summary>
public sealed record FactParts
{
    public IReadOnlyList<MmdbReader> City { get; init; } = [];

    public IReadOnlyList<AsnDatabase> Asn { get; init; } = [];

    public IReadOnlyList<Feed> Feeds { get; init; } = [];

    /// <summary>Gets whether every feed that is configured is among them.</summary>
    public bool AreFeedsComplete { get; init; } = true;

    /// <summary>Gets where they came from.</summary>
    public IReadOnlyList<FactSource> Sources { get; init; } = [];
}
