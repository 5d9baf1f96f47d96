using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>Which store remembers.</summary>
public enum StoreKind
{
    /// <summary>Memory and one file on this machine.</summary>
    Embedded,

    /// <summary>PostgreSQL, and copies in Redis, for several replicas.</summary>
    Shared,
}

/// <summary>What is remembered, where, and for how long, under <c>store</c>.</summary>
public sealed record StoreSettings
{
    /// <summary>Gets which store it is. The default is embedded.</summary>
    public StoreKind Kind { get; init; } = StoreKind.Embedded;

    /// <summary>Gets the file of the embedded store.</summary>
    /// <value>The default is riskengine.db.</value>
    [FilePath]
    public string Path { get; init; } = "riskengine.db";

    /// <summary>Gets how many days events and assessments are kept.</summary>
    /// <value>7 (the horizon within which repeats are told) to 3650. The default is 90.</value>
    [Range(7, 3650)]
    public int RetentionDays { get; init; } = 90;

    /// <summary>Gets how many events are kept at most; the oldest go first.</summary>
    /// <value>1000 to 10000000000. The default is 50000000.</value>
    [Range(1_000.0, 10_000_000_000.0)]
    public long MaxEvents { get; init; } = 50_000_000;

    /// <summary>Gets how much may wait for one responder, and how many of its dead letters are kept.</summary>
    /// <value>100 to 1000000. The default is 50000, about 1 KB each.</value>
    [Range(100, 1_000_000)]
    public int MaxOutbox { get; init; } = 50_000;

    /// <summary>Gets how long a change waits while the queue to the disk is full; then it is refused, and nothing of it was taken. Stopping waits as long for a disk that does not answer.</summary>
    /// <value>100 ms to 1 hour. The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets for how long one replica of the shared store leads without renewing that: how long nobody polls, delivers or tidies up when it is killed.</summary>
    /// <value>1 second to 10 minutes. The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    public StoreCaps Caps { get; init; } = new();
}

/// <summary>How many rows are kept in memory, under <c>store.caps</c>; those not asked for lately give way.</summary>
public sealed record StoreCaps
{
    /// <summary>Gets the number of subjects' profiles.</summary>
    /// <value>1 to 100000000. The default is 2000000.</value>
    [Range(1, 100_000_000)]
    public int Profiles { get; init; } = 2_000_000;

    /// <summary>Gets the number of rows of reputation: addresses, networks, autonomous systems.</summary>
    /// <value>1 to 100000000. The default is 2000000.</value>
    [Range(1, 100_000_000)]
    public int Reputation { get; init; } = 2_000_000;

    /// <summary>Gets the number of pairs of subject and address.</summary>
    /// <value>1 to 100000000. The default is 4000000.</value>
    [Range(1, 100_000_000)]
    public int Pairs { get; init; } = 4_000_000;
}
