namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>How user agents change.</summary>
public enum UserAgentChurn
{
    /// <summary>Browsers update about once a month.</summary>
    Realistic,

    /// <summary>As in the RBA data set, where half of all logins show a user agent new to the account.</summary>
    RbaLike,
}

/// <summary>What the benchmark's stream is made of.</summary>
public sealed record BenchmarkSettings
{
    public int Seed { get; init; } = 1;

    /// <summary>Gets the number of subjects.</summary>
    /// <value>100 to 1,000,000. The default is 50,000.</value>
    public int Subjects { get; init; } = 50_000;

    public UserAgentChurn Churn { get; init; }

    /// <summary>Gets how many failed tries there are for each that the RBA data set has, where six in ten fail.</summary>
    /// <value>0 to 1. The default is 0.2: enough for addresses to have a past, and a stream that is two thirds as long.</value>
    public double FailureScale { get; init; } = 0.2;

    /// <summary>Gets when the stream begins.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
}
