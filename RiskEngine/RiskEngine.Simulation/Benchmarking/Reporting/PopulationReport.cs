using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>Every figure of one population: one seed, all seeds pooled, or a file. Shares are 0 to 1; NaN, in JSON null, is a figure that cannot be had.</summary>
public sealed record PopulationReport
{
    /// <summary>Gets the seed; null for a pool and for a file.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the honest successful logins of the test split that headline figures are told of.</summary>
    public required int Honest { get; init; }

    /// <summary>Gets the subjects with a login of any kind among them: what is drawn.</summary>
    public required int Subjects { get; init; }

    public required IReadOnlyList<ContestantReport> Contestants { get; init; }

    /// <summary>Gets how much of the distance from the reference to the oracle the engine covers, in recall at 1 %.</summary>
    public required IReadOnlyList<GapReport> Gaps { get; init; }

    /// <summary>Gets what is lost without each part of the engine, in recall at 1 %.</summary>
    public IReadOnlyList<WorthReport> Worth { get; init; } = [];

    /// <summary>Gets the comparison with "new country" at the share of logins that it challenges.</summary>
    public required IReadOnlyList<FoilReport> Foil { get; init; }

    public required IReadOnlyList<ColdStartReport> ColdStart { get; init; }

    public required IReadOnlyList<ReauthenticationReport> Reauthentication { get; init; }

    /// <summary>Gets the reliability of those whose scores are probabilities, by name.</summary>
    public required IReadOnlyList<ReliabilityReport> Reliability { get; init; }

    /// <summary>Gets the curves that are drawn; none of a single seed beside others.</summary>
    public required IReadOnlyList<CurveReport> Curves { get; init; }
}

/// <summary>One contestant on all attackers.</summary>
/// <param name="Realised">Share of honest logins challenged in the test split by thresholds set on the validation split, for each challenge rate.</param>
/// <param name="Thresholds">Those thresholds, on the contestant's own scale.</param>
public sealed record ContestantReport(string Name, IReadOnlyList<FamilyReport> Families, IReadOnlyList<Estimate> Realised, IReadOnlyList<double> Thresholds);

/// <summary>One contestant on one attacker.</summary>
/// <param name="Attacks">Logins of the attacker.</param>
/// <param name="Auc">Area under the ROC curve, ties half.</param>
/// <param name="PartialAuc">Mean recall over challenge rates from nothing to 1 %.</param>
/// <param name="Recall">Share caught at each challenge rate.</param>
/// <param name="ChallengesFor">Share of honest logins challenged so that 90 and 99 % are caught.</param>
/// <param name="FrozenRecall">Share caught by the threshold set on the validation split for each challenge rate.</param>
/// <param name="Precision">Share of takeovers among the challenged at each challenge rate, if one login in 100,000 is one.</param>
public sealed record FamilyReport(
    string Family, int Attacks, Estimate Auc, Estimate PartialAuc, IReadOnlyList<Estimate> Recall, IReadOnlyList<Estimate> ChallengesFor, IReadOnlyList<Estimate> FrozenRecall,
    IReadOnlyList<double> Precision);

/// <param name="Closed">0 where the engine is as good as the reference, 1 where it is as good as the oracle; none where the oracle's interval does not lie above that of the reference.</param>
public sealed record GapReport(string Family, Estimate Reference, Estimate Engine, Estimate Oracle, Estimate Closed);

/// <summary>What one part of the engine is worth, or would be.</summary>
/// <param name="Variant">The engine without it, or with it where the engine does not have it.</param>
/// <param name="Families">For each attacker the recall at 1 % with it less that without it, draw by draw on the same subjects.</param>
public sealed record WorthReport(string Variant, IReadOnlyList<WorthFamily> Families)
{
    /// <summary>Gets whether the part earns its place: some attacker is caught more often with it, beyond the interval.</summary>
    public bool IsEarned => Families.Any(family => family.Gained.Low > 0);
}

public sealed record WorthFamily(string Family, Estimate Gained);

/// <param name="Challenged">Share of honest logins that the foil challenges.</param>
/// <param name="More">Attacks caught by the engine at that share, over those the foil catches, less one.</param>
public sealed record FoilReport(string Family, Estimate Challenged, Estimate FoilRecall, Estimate EngineRecall, Estimate More);

/// <summary>One contestant on accounts with that many earlier logins, by the threshold frozen at 1 % over accounts with a history.</summary>
/// <param name="Challenged">Share of honest logins of such accounts that it challenges.</param>
public sealed record ColdStartReport(string History, string Contestant, int Honest, Estimate Challenged, IReadOnlyList<ColdStartFamily> Families);

/// <param name="Auc">Among such accounts alone.</param>
public sealed record ColdStartFamily(string Family, int Attacks, Estimate Auc, Estimate Recall);

/// <param name="Recall">The share of attacks that was to be caught.</param>
/// <param name="Reached">The share that the threshold was set for: less where the oracle cannot catch as much.</param>
public sealed record ReauthenticationReport(
    string Contestant, string Family, double Recall, double Reached, IReadOnlyList<ReauthenticationPoint> Points, IReadOnlyList<FrequencyPoint> Frequencies);

public sealed record ReliabilityReport(string Contestant, ReliabilityFigures Figures);

/// <param name="Rates">Shares of honest logins challenged, rising.</param>
/// <param name="Recalls">Share of attacks caught at each.</param>
public sealed record CurveReport(string Contestant, string Family, IReadOnlyList<double> Rates, IReadOnlyList<double> Recalls);
