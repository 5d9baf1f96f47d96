using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Configuration;

/// <summary>How much is logged.</summary>
public enum LogVerbosity
{
    Debug,
    Information,
    Warning,
    Error,
}

/// <summary>What is logged, under <c>log</c>.</summary>
public sealed record LogSettings
{
    /// <summary>Gets the least severity that is written. The default is information.</summary>
    public LogVerbosity Level { get; init; } = LogVerbosity.Information;

    /// <summary>Gets how many lines may wait for whoever reads standard output; more are dropped and counted.</summary>
    /// <value>16 to 65536. The default is 1024.</value>
    [Range(16, 65_536)]
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>Gets whether names are replaced by keyed hashes. The default is true; false is a footgun and warned of at every start.</summary>
    public bool Pseudonymise { get; init; } = true;
}

/// <summary>How addresses are written where they leave the machine.</summary>
public enum AddressPrivacy
{
    Clear,
    Hashed,
}

/// <summary>What leaves the machine, under <c>privacy</c>.</summary>
public sealed record PrivacySettings
{
    /// <summary>Gets how addresses are written. The default is clear: nobody can act on a hash.</summary>
    public AddressPrivacy Addresses { get; init; } = AddressPrivacy.Clear;
}
