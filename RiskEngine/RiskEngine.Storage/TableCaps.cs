using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Storage;

/// <summary>How many rows of each kind are kept in memory. A full table gives up rows that were not asked for lately, and counts them.</summary>
/// <remarks>For the SQLite store this bounds the cache, not the file: a row given up is read again when it is needed.</remarks>
public sealed record TableCaps
{
    /// <summary>Gets the number of subjects' profiles, about 400 bytes each in an ordinary mix.</summary>
    /// <value>1 to 100,000,000. The default is 2,000,000.</value>
    [Range(1, 100_000_000)]
    public int Profiles { get; init; } = 2_000_000;

    /// <summary>Gets the number of rows of reputation (addresses, networks, autonomous systems), about 170 bytes each.</summary>
    /// <value>1 to 100,000,000. The default is 2,000,000.</value>
    [Range(1, 100_000_000)]
    public int Reputation { get; init; } = 2_000_000;

    /// <summary>Gets the number of pairs of subject and address, about 70 bytes each.</summary>
    /// <value>1 to 100,000,000. The default is 4,000,000.</value>
    [Range(1, 100_000_000)]
    public int Pairs { get; init; } = 4_000_000;
}
