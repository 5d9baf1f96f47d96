using System.Collections.Immutable;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Where the curves are read: shares of honest logins challenged, and shares of an attacker's logins caught.</summary>
public static class Operating
{
    /// <summary>Gets the shares of honest successful logins that may be challenged.</summary>
    public static ImmutableArray<double> Rates { get; } = [0.001, 0.01, 0.05, 0.10];

    /// <summary>Gets the shares of attacks for which the challenges needed are told.</summary>
    public static ImmutableArray<double> Recalls { get; } = [0.90, 0.99];

    /// <summary>The challenge rate at which partial areas end and shares of gaps are told.</summary>
    public const double Headline = 0.01;

    /// <summary>Index of <see cref="Headline"/> in <see cref="Rates"/>.</summary>
    public const int HeadlineIndex = 1;
}

/// <summary>Where in a row of figures each one stands.</summary>
internal static class FigureRow
{
    public const int Auc = 0, PartialAuc = 1, Recall = 2;

    public static readonly int ChallengesFor = Recall + Operating.Rates.Length;

    public static readonly int FrozenRecall = ChallengesFor + Operating.Recalls.Length;

    public static readonly int Length = FrozenRecall + Operating.Rates.Length;
}
