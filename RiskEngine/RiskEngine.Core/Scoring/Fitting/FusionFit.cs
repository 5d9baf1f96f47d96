using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>How weights are fitted.</summary>
public sealed record FusionFitSettings
{
    /// <summary>Gets the weights that the fit begins with and is drawn towards.</summary>
    public FusionWeights Start { get; init; } = FusionWeights.Even;

    /// <summary>Gets how strongly it is drawn: the curvature of the penalty, comparable to that many samples of middling score and evidence of two nats.</summary>
    public double Ridge { get; init; } = 5;

    /// <summary>Gets the most that a factor may move, as a factor: 2 lets it double or halve.</summary>
    /// <value>The default is 2: generated attackers are not real ones, and what a few people say is not what all would.</value>
    public double Reach { get; init; } = 2;

    /// <summary>Gets signals whose factors stay as they are.</summary>
    public IReadOnlyCollection<SignalCode> Kept { get; init; } = [];

    /// <summary>Gets whether the curves of novelty are fitted too, which needs many samples. The factors of its signals then stay as they are.</summary>
    public bool FitsCurves { get; init; }

    /// <summary>
    /// Gets whether the samples were chosen by somebody, as those are that people look at. Their base rate is then fitted too and thrown away, so that weights
    /// learn to tell logins apart and not how many of them were shown. Else the base rate is known: it is that of the samples.
    /// </summary>
    public bool HasOwnBaseRate { get; init; }
}

/// <summary>What a fit came to.</summary>
/// <param name="Before">Mean loss a sample before, in nats.</param>
/// <param name="After">The same after.</param>
/// <param name="Seen">How often evidence of each signal was seen, for abuse and against it.</param>
public sealed record FusionFitResult(FusionWeights Weights, double Before, double After, int Steps, IReadOnlyDictionary<SignalCode, (int For, int Against)> Seen)
{
    /// <summary>Gets the honest logins among the samples.</summary>
    public required int Honest { get; init; }

    /// <summary>Gets the attacks among the samples.</summary>
    public required int Attacks { get; init; }
}

/// <summary>Fits weights to labelled logins: logistic regression with bounded coefficients and a ridge towards the weights it begins with.</summary>
/// <remarks>
/// Damped Gauss-Newton on the penalised log-loss with coefficients held at their bounds while the gradient pushes outwards (projected Newton, Bertsekas 1982).
/// Evidence enters as the <see cref="Scorer"/> counts it, so what is fitted is what will be served; slopes are those of groups without caps and of undiscounted novelty, the default. What was never seen keeps its
/// factor. Without chance: the same samples give the same weights.
/// </remarks>
public sealed class FusionFit
{
    private const int MostSteps = 40, MostHalvings = 12;
    private const double Enough = 1e-7;

    private readonly FusionSamples _samples;
    private readonly ScoringSettings _scoring;
    private readonly FusionFitSettings _settings;
    private readonly int _size = FusionParameters.Count;
    private readonly FusionParameters _parameters;
    private readonly double _shift;

    private FusionFit(FusionSamples samples, ScoringSettings scoring, FusionFitSettings settings)
    {
        (_samples, _scoring, _settings) = (samples, scoring, settings);
        _parameters = new FusionParameters(settings);
        _shift = settings.HasOwnBaseRate ? 0 : Math.Log(samples.AttackWeight / (samples.TotalWeight - samples.AttackWeight)) - scoring.Prior;
    }

    /// <exception cref="ArgumentException">Labels are one-sided: nothing can be told apart.</exception>
    public static FusionFitResult Run(FusionSamples samples, ScoringSettings scoring, FusionFitSettings settings)
    {
        if (samples.Attacks == 0 || samples.Attacks == samples.Count) throw new ArgumentException("Both attacks and honest logins are needed to fit weights.", nameof(samples));
        return new FusionFit(samples, scoring, settings).Run();
    }

    private FusionFitResult Run()
    {
        var at = _parameters.Start.ToArray();
        var (gradient, curvature) = (new double[_size], new double[_size, _size]);
        var loss = Loss(at, gradient, curvature);
        var before = loss;
        var steps = 0;
        for (; steps < MostSteps; steps++)
        {
            var direction = Direction(at, gradient, curvature);
            var (next, reached) = Descend(at, direction, loss);
            var gained = loss - reached;
            if (gained <= 0) break;
            (at, loss) = (next, Loss(next, gradient, curvature));
            if (gained < Enough * loss) break;
        }

        return new FusionFitResult(FusionParameters.WeightsOf(at), before / _samples.TotalWeight, loss / _samples.TotalWeight, steps, Seen())
        {
            Honest = _samples.Count - _samples.Attacks,
            Attacks = _samples.Attacks,
        };
    }

    /// <summary>The penalised loss, and its slopes where asked for.</summary>
    private double Loss(double[] at, double[]? gradient, double[,]? curvature)
    {
        if (gradient is not null) Array.Clear(gradient);
        if (curvature is not null) Array.Clear(curvature);
        var scorer = new Scorer(_scoring, FusionParameters.WeightsOf(at));
        var (room, scored) = (new SignalRecord[256], new SignalRecord[256]);
        Span<int> index = stackalloc int[300];
        Span<double> slope = stackalloc double[300];
        var loss = 0.0;
        for (var i = 0; i < _samples.Count; i++)
        {
            var (count, isAttack, weight) = _samples.Read(i, room);
            var logOdds = scorer.ScoreWithout(room.AsSpan(0, count), SignalCode.None, scored).LogOdds + _shift + at[^1];
            loss += weight * Softplus(isAttack ? -logOdds : logOdds);
            if (gradient is null || curvature is null) continue;
            var slopes = FusionParameters.Slopes(at, scored.AsSpan(0, count), index, slope);
            Accumulate(index[..slopes], slope[..slopes], logOdds, isAttack, weight, gradient, curvature);
        }

        return loss + Penalty(at, gradient, curvature);
    }

    private static void Accumulate(ReadOnlySpan<int> index, ReadOnlySpan<double> slope, double logOdds, bool isAttack, double weight, double[] gradient, double[,] curvature)
    {
        var chance = 1 / (1 + Math.Exp(-logOdds));
        var (pull, bend) = (weight * (chance - (isAttack ? 1 : 0)), weight * chance * (1 - chance));
        for (var k = 0; k < index.Length; k++)
        {
            gradient[index[k]] += pull * slope[k];
            for (var m = 0; m < index.Length; m++) curvature[index[k], index[m]] += bend * slope[k] * slope[m];
        }
    }

    private double Penalty(double[] at, double[]? gradient, double[,]? curvature)
    {
        var penalty = 0.0;
        for (var i = 0; i < _size - 1; i++)
        {
            var away = at[i] - _parameters.Start[i];
            penalty += _settings.Ridge / 2 * away * away;
            if (gradient is not null) gradient[i] += _settings.Ridge * away;
            if (curvature is not null) curvature[i, i] += _settings.Ridge;
        }

        if (curvature is not null) curvature[_size - 1, _size - 1] += 1e-9;
        return penalty;
    }

    /// <summary>The Newton direction among those factors that are free to move.</summary>
    private double[] Direction(double[] at, double[] gradient, double[,] curvature)
    {
        int[] free = [.. Enumerable.Range(0, _size).Where(i => _parameters.Most[i] > _parameters.Least[i] && !(gradient[i] > 0 && at[i] <= _parameters.Least[i]) && !(gradient[i] < 0 && at[i] >= _parameters.Most[i]))];
        var direction = new double[_size];
        var solved = Cholesky.Solve(curvature, gradient, free);
        for (var i = 0; i < free.Length; i++) direction[free[i]] = -solved[i];
        return direction;
    }

    private (double[] At, double Loss) Descend(double[] at, double[] direction, double loss)
    {
        var length = 1.0;
        for (var i = 0; i < MostHalvings; i++, length /= 2)
        {
            double[] next = [.. at.Select((factor, k) => Math.Clamp(factor + (length * direction[k]), _parameters.Least[k], _parameters.Most[k]))];
            var reached = Loss(next, null, null);
            if (reached < loss) return (next, reached);
        }

        return (at, loss);
    }

    private Dictionary<SignalCode, (int For, int Against)> Seen()
    {
        var seen = new Dictionary<SignalCode, (int For, int Against)>();
        var room = new SignalRecord[256];
        for (var i = 0; i < _samples.Count; i++)
        {
            var (count, _, _) = _samples.Read(i, room);
            foreach (ref readonly var signal in room.AsSpan(0, count))
            {
                var (speaksFor, against) = seen.GetValueOrDefault(signal.Code);
                seen[signal.Code] = signal.Evidence > 0 ? (speaksFor + 1, against) : (speaksFor, against + 1);
            }
        }

        return seen;
    }

    private static double Softplus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}
