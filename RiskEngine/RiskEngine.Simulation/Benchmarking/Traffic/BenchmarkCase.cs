namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>What a line of the benchmark's stream is.</summary>
public enum CaseKind
{
    /// <summary>A login, or a failure, of somebody honest: it happens, and where it is a successful login it is scored.</summary>
    Honest,

    /// <summary>An attacker's login in place of the honest one that follows: asked about only (<c>probe</c>), so that it leaves no trace.</summary>
    Probe,

    /// <summary>A login or failure of a campaign: it happens and leaves its traces.</summary>
    Campaign,
}

/// <summary>Which part of the time a case belongs to. Weights are fitted on the first, thresholds set on the second, figures told of the third.</summary>
public enum BenchmarkSplit
{
    /// <summary>At the beginning, while there is no history to judge by: judged and never counted.</summary>
    WarmUp,
    Train,
    Validation,
    Test,
}

/// <summary>What a login shows, as the baselines read it: the same facts as in the event's JSON.</summary>
/// <param name="Address">Text of the address.</param>
/// <param name="Browser">Name and major version.</param>
/// <param name="Os">Name and major version.</param>
/// <param name="DeviceType">Such as <c>desktop</c> or <c>mobile</c>.</param>
/// <param name="IsListed">Whether the generator's own blocklist holds the address.</param>
public sealed record LoginAttributes(string Address, uint Asn, string Country, string UserAgent, string Browser, string Os, string DeviceType, bool IsListed);

/// <summary>One line of the benchmark's stream with what only the referee may see of it.</summary>
public sealed record BenchmarkCase
{
    /// <summary>Gets the canonical event, without a line end and without a label; holds until the next case is pulled.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Gets when it happens.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    public required CaseKind Kind { get; init; }

    public required BenchmarkSplit Split { get; init; }

    /// <summary>Gets the family of the attacker, an index into <see cref="AttackFamilies.Names"/>; −1 for honest lines.</summary>
    public required int Family { get; init; }

    /// <summary>Gets whether it is a sign-in that worked, which alone is scored.</summary>
    public required bool IsSuccess { get; init; }

    /// <summary>Gets the number of the subject, by which intervals are drawn; −1 for a name that belongs to nobody.</summary>
    public required int Subject { get; init; }

    /// <summary>Gets how many successful logins the subject had before.</summary>
    public required int HistoryLength { get; init; }

    /// <summary>Gets the seconds since the subject's last successful login; −1 for none.</summary>
    public required long GapSeconds { get; init; }

    public required LoginAttributes Attributes { get; init; }

    /// <summary>Gets, for each family that has an oracle, the logarithm of p(login | attacker) / p(login | the subject), as the generator knows it; NaN where it cannot say.</summary>
    public required ReadOnlyMemory<float> Oracle { get; init; }
}
