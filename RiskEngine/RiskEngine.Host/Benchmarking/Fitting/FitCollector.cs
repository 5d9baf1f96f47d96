using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Fitting;

/// <summary>Collects what was seen of the logins that weights are fitted on: successful ones of the part of the time that is for fitting.</summary>
/// <param name="families">Names of the attackers, by the numbers that cases have.</param>
internal sealed class FitCollector(IReadOnlyList<string> families)
{
    /// <summary>The share of attacks among the samples: above the one that scores are told at, so that the fit looks at where thresholds lie.</summary>
    private const double BaseRate = 0.05;

    /// <summary>Fewer cases of an attacker say little, and would weigh as much as thousands of another.</summary>
    public const int FewestCases = 20;

    private static readonly string[] HeldOut = [AttackFamilies.Mimic, AttackFamilies.Blind];

    private readonly FusionSamples _honest = new();
    private readonly FusionSamples[] _attacks = [.. families.Select(_ => new FusionSamples())];

    public void Add(BenchmarkCase login, ReadOnlySpan<SignalRecord> signals)
    {
        if (login.Split != BenchmarkSplit.Train || !login.IsSuccess) return;
        (login.Family < 0 ? _honest : _attacks[login.Family]).Add(signals, login.Family >= 0, 1);
    }

    /// <summary>All of them, with attacks at the base rate and every attacker counting the same.</summary>
    /// <remarks>Whoever nothing can tell apart teaches nothing, and one attacker is never fitted on, so that what is told of it says how weights do on what they have not seen.</remarks>
    public FusionSamples Balanced()
    {
        var samples = new FusionSamples();
        samples.AddAll(_honest, 1);
        FusionSamples[] fitted = [.. _attacks.Where((attack, family) => attack.Count >= FewestCases && !HeldOut.Contains(families[family]))];
        foreach (var attack in fitted) samples.AddAll(attack, _honest.Count * BaseRate / (1 - BaseRate) / fitted.Length / attack.Count);
        return samples;
    }
}
