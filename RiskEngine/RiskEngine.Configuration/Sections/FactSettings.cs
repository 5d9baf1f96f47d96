using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Facts;

namespace RiskEngine.Configuration;

/// <summary>Databases of locations (MMDB) and networks (MMDB or CSV), under <c>geo</c>. Earlier files win.</summary>
public sealed record GeoSettings
{
    /// <summary>Gets files that know cities or countries.</summary>
    [FilePath]
    public IReadOnlyList<string> City { get; init; } = [];

    /// <summary>Gets files that know autonomous systems: MMDB, or CSV of first address, last address, number and name; which one is told by the content.</summary>
    [FilePath]
    public IReadOnlyList<string> Asn { get; init; } = [];
}

/// <summary>One list of addresses from outside, under <c>feeds</c>.</summary>
public sealed record FeedSettings : IUniquelyNamed
{
    /// <summary>Gets the name that policies and reasons use; unique.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the file.</summary>
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Gets what its entries mean.</summary>
    public required FeedGroup Group { get; init; }

    /// <summary>Gets what a hit is worth, in nats; negative speaks for the login.</summary>
    /// <value>−10 to 10. The default is 1, and 0 for a group that tells the kind of network, which has a signal of its own.</value>
    [Range(-10.0, 10.0)]
    public double? Evidence { get; init; }

    /// <summary>Gets <see cref="Evidence"/>, or its default.</summary>
    public double Worth => Evidence ?? (Group.Networks() == NetworkKinds.None ? 1 : 0);

    /// <summary>Gets the LAPI whose decisions are written into <see cref="Path"/>; none by default, and then somebody else writes it.</summary>
    public CrowdsecFeedSettings Crowdsec { get; init; } = new();

    string IUniquelyNamed.Plural => "feeds";

    string IUniquelyNamed.UniqueName => Name;
}
