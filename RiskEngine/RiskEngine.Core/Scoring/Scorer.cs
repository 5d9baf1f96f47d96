using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>Adds up evidence: discounts what is correlated, sums the rest, and names the level.</summary>
/// <remarks>
/// Evidence counts times the weight of its signal, that of a new device or place by a curve (<see cref="NoveltyCurves"/>). Within a group and sign, signals are put in order of strength; the strongest contributes in full, the
/// next times the group's discount, the third times its square, and so on. Falling factors on sorted values keep the sum monotone: more evidence never lowers a score.
/// A group's cap scales its contributions down together, so that prior plus contributions is always the log-odds. The order of the
/// signals does not matter. Pure, allocates nothing, immutable and thread-safe.
/// </remarks>
public sealed class Scorer
{
    /// <summary>More than any detector may say, in nats; beyond it lies a fault.</summary>
    public const double MaximumEvidence = 100;

    private static readonly SignalGroup[] GroupOf = [.. Enum.GetValues<SignalCode>().Select(code => code.Describe().Group)];

    private readonly ScoringSettings _settings;
    private readonly FusionWeights _weights;
    private readonly GroupSettings[] _groups;

    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public Scorer(ScoringSettings settings)
        : this(settings, FusionWeights.Even)
    {
    }

    /// <param name="weights">What evidence of each signal counts.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public Scorer(ScoringSettings settings, FusionWeights weights)
    {
        SettingsCheck.Demand(settings, "scoring");
        (_settings, _weights) = (settings, weights);
        var groups = settings.Groups;
        _groups = [groups.Reputation, groups.Velocity, groups.Novelty, groups.Session, groups.List, groups.Account];
    }

    /// <summary>Gets the settings it works by.</summary>
    public ScoringSettings Settings => _settings;

    /// <summary>Gets what evidence of each signal counts.</summary>
    public FusionWeights Weights => _weights;

    /// <summary>Scores the signals of one login.</summary>
    /// <param name="signals">
    /// What the detectors said, in any order. Evidence that is no number within <see cref="MaximumEvidence"/> is dropped and counted, zero says nothing.
    /// </param>
    /// <param name="output">Room for as many; filled with contributions, strongest first, details left empty.</param>
    /// <exception cref="ArgumentException"><paramref name="output"/> is too short.</exception>
    public ScoringResult Score(ReadOnlySpan<Signal> signals, Span<SignalRecord> output)
    {
        if (output.Length < signals.Length) throw new ArgumentException("Too short for all signals.", nameof(output));
        var (count, dropped) = (0, 0);
        foreach (ref readonly var signal in signals)
        {
            if (!(Math.Abs(signal.Evidence) <= MaximumEvidence)) dropped++;
            else if (signal.Evidence != 0) output[count++] = new SignalRecord(signal.Code, 0, signal.Evidence, signal.A, signal.B, signal.C, default);
        }

        return Sum(output[..count], dropped);
    }

    /// <summary>Scores signals listed before, as if one had not been given.</summary>
    /// <param name="signals">Signals with their evidence; their contributions are not read.</param>
    /// <param name="without">What to leave out; <see cref="SignalCode.None"/> for nothing.</param>
    /// <param name="output">Room for as many.</param>
    /// <exception cref="ArgumentException"><paramref name="output"/> is too short.</exception>
    public ScoringResult ScoreWithout(ReadOnlySpan<SignalRecord> signals, SignalCode without, Span<SignalRecord> output)
    {
        if (output.Length < signals.Length) throw new ArgumentException("Too short for all signals.", nameof(output));
        var count = 0;
        foreach (ref readonly var signal in signals)
        {
            if (signal.Code != without) output[count++] = signal;
        }

        return Sum(output[..count], 0);
    }

    /// <summary>The level of a score.</summary>
    public RiskLevel LevelOf(RiskScore score) =>
        score.Value >= _settings.High ? RiskLevel.High
        : score.Value >= _settings.Medium ? RiskLevel.Medium
        : score.Value >= _settings.Low ? RiskLevel.Low
        : RiskLevel.None;

    private ScoringResult Sum(Span<SignalRecord> signals, int dropped)
    {
        Weigh(signals);
        Sort<ByGroup>(signals);
        for (var start = 0; start < signals.Length;)
        {
            var end = start + 1;
            while (end < signals.Length && BelongTogether(signals[start], signals[end])) end++;
            Contribute(signals[start..end], _groups[(int)GroupOf[(int)signals[start].Code]]);
            start = end;
        }

        Sort<ByContribution>(signals);
        var logOdds = _settings.Prior;
        foreach (ref readonly var signal in signals) logOdds += signal.Contribution;

        var score = RiskScore.FromLogOdds(logOdds);
        return new ScoringResult(logOdds, score, LevelOf(score), signals.Length, dropped);
    }

    /// <summary>What each counts before discounts: its evidence by its weight, that of novelty calibrated.</summary>
    private void Weigh(Span<SignalRecord> signals)
    {
        // Sums of fractions depend on their order, and the score must not.
        Sort<ByCode>(signals);
        var (device, place) = (0.0, 0.0);
        foreach (ref var signal in signals)
        {
            var weighed = _weights.Weigh(signal.Code, signal.Evidence);
            signal = signal with { Contribution = weighed };
            var half = NoveltyCurves.HalfOf(signal.Code);
            if (half < 0) device += weighed;
            else if (half > 0) place += weighed;
        }

        if (device == 0 && place == 0) return;
        var factors = _weights.Curves.Factors(device, place);
        foreach (ref var signal in signals)
        {
            var half = NoveltyCurves.HalfOf(signal.Code);
            if (half != 0) signal = signal with { Contribution = signal.Contribution * (half < 0 ? factors.Device : factors.Place) };
        }
    }

    private static void Contribute(Span<SignalRecord> signals, GroupSettings settings)
    {
        var (weight, sum) = (1.0, 0.0);
        foreach (ref var signal in signals)
        {
            var contribution = signal.Contribution * weight;
            signal = signal with { Contribution = contribution };
            sum += Math.Abs(contribution);
            weight *= settings.Discount;
        }

        if (sum <= settings.Cap) return;
        foreach (ref var signal in signals) signal = signal with { Contribution = signal.Contribution / sum * settings.Cap };
    }

    private static bool BelongTogether(in SignalRecord left, in SignalRecord right) =>
        GroupOf[(int)left.Code] == GroupOf[(int)right.Code] && left.Evidence > 0 == right.Evidence > 0;

    /// <summary>Insertion sort: there are few signals, and the library's sort would copy each of these records into every comparison.</summary>
    private static void Sort<TOrder>(Span<SignalRecord> signals)
        where TOrder : IOrder
    {
        for (var i = 1; i < signals.Length; i++)
        {
            if (TOrder.Compare(signals[i], signals[i - 1]) >= 0) continue;
            var moving = signals[i];
            var at = i;
            for (; at > 0 && TOrder.Compare(moving, signals[at - 1]) < 0; at--) signals[at] = signals[at - 1];
            signals[at] = moving;
        }
    }

    private interface IOrder
    {
        static abstract int Compare(in SignalRecord left, in SignalRecord right);
    }

    private readonly struct ByCode : IOrder
    {
        public static int Compare(in SignalRecord left, in SignalRecord right)
        {
            var code = (int)left.Code - (int)right.Code;
            return code != 0 ? code : right.Evidence.CompareTo(left.Evidence);
        }
    }

    /// <summary>By group and sign, what counts most first.</summary>
    private readonly struct ByGroup : IOrder
    {
        public static int Compare(in SignalRecord left, in SignalRecord right)
        {
            var group = (int)GroupOf[(int)left.Code] - (int)GroupOf[(int)right.Code];
            if (group != 0) return group;
            if (left.Evidence > 0 != right.Evidence > 0) return left.Evidence > 0 ? -1 : 1;
            var strength = Math.Abs(right.Contribution).CompareTo(Math.Abs(left.Contribution));
            return strength != 0 ? strength : (int)left.Code - (int)right.Code;
        }
    }

    /// <summary>Strongest contribution first.</summary>
    private readonly struct ByContribution : IOrder
    {
        public static int Compare(in SignalRecord left, in SignalRecord right)
        {
            var strength = Math.Abs(right.Contribution).CompareTo(Math.Abs(left.Contribution));
            return strength != 0 ? strength : ByCode.Compare(left, right);
        }
    }
}
