namespace RiskEngine.Core.Scoring;

/// <summary>How suspicious one login is: the probability of abuse, in percent, at a reference base rate of 1 %.</summary>
/// <remarks>
/// A login nothing speaks about scores 1. The number orders logins; the chance of a takeover in a real fleet is about a
/// thousandth of it. Scores compare only within one model version. Immutable and thread-safe.
/// </remarks>
public readonly record struct RiskScore : IComparable<RiskScore>
{
    /// <param name="value">0 to 100 inclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is outside that range, or not a number.</exception>
    public RiskScore(double value)
    {
        if (value is not (>= 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(value), value, "A risk score is 0 to 100.");
        Value = value;
    }

    /// <summary>Gets the score, 0 to 100.</summary>
    public double Value { get; }

    /// <summary>The score of log-odds in nats: 100 times their logistic.</summary>
    /// <param name="logOdds">Any number, infinities included.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="logOdds"/> is not a number.</exception>
    public static RiskScore FromLogOdds(double logOdds) => new(100 / (1 + Math.Exp(-logOdds)));

    public int CompareTo(RiskScore other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("F4");
}
