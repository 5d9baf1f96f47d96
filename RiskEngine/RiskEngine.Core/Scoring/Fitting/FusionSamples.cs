using System.Runtime.InteropServices;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Scoring;

/// <summary>Judged logins of which it is known whether they were attacks: what weights are fitted on. Compact, in columns.</summary>
/// <remarks>Written by one thread, then read by any.</remarks>
public sealed class FusionSamples
{
    private readonly List<SignalCode> _codes = [];
    private readonly List<float> _evidence = [];
    private readonly List<(int End, float Weight, bool IsAttack)> _samples = [];

    public int Count => _samples.Count;

    public int Attacks { get; private set; }

    /// <summary>Gets the sum of the weights of attacks.</summary>
    public double AttackWeight { get; private set; }

    /// <summary>Gets the sum of all weights.</summary>
    public double TotalWeight { get; private set; }

    /// <summary>Adds a login with the evidence that was seen.</summary>
    /// <param name="weight">How much it counts, above 0.</param>
    public void Add(ReadOnlySpan<SignalRecord> signals, bool isAttack, double weight)
    {
        foreach (ref readonly var signal in signals) Add(signal.Code, signal.Evidence);
        End(isAttack, weight);
    }

    /// <summary>Adds a login as stores give it back.</summary>
    public void Add(IReadOnlyList<StoredSignal> signals, bool isAttack, double weight)
    {
        foreach (var signal in signals) Add(signal.Code, signal.Evidence);
        End(isAttack, weight);
    }

    /// <summary>Adds the samples of another set with their weights times a factor.</summary>
    public void AddAll(FusionSamples other, double factor)
    {
        var start = 0;
        foreach (var (end, weight, isAttack) in other._samples)
        {
            for (; start < end; start++) Add(other._codes[start], other._evidence[start]);
            End(isAttack, weight * factor);
        }
    }

    /// <summary>Writes the signals of a sample into room for them.</summary>
    /// <returns>Those signals, whether it was an attack and how much it counts.</returns>
    internal (int Count, bool IsAttack, double Weight) Read(int index, Span<SignalRecord> room)
    {
        var start = index == 0 ? 0 : _samples[index - 1].End;
        var (end, weight, isAttack) = _samples[index];
        var codes = CollectionsMarshal.AsSpan(_codes)[start..end];
        var evidence = CollectionsMarshal.AsSpan(_evidence)[start..end];
        for (var i = 0; i < codes.Length; i++) room[i] = new SignalRecord(codes[i], 0, evidence[i], 0, 0, 0, default);
        return (codes.Length, isAttack, weight);
    }

    private void Add(SignalCode code, double evidence)
    {
        // A damaged row may hold any number.
        if (2 * (int)code >= FusionWeights.Count || evidence == 0 || !(Math.Abs(evidence) <= Scorer.MaximumEvidence)) return;
        _codes.Add(code);
        _evidence.Add((float)evidence);
    }

    private void End(bool isAttack, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
        _samples.Add((_codes.Count, (float)weight, isAttack));
        if (isAttack)
        {
            Attacks++;
            AttackWeight += weight;
        }

        TotalWeight += weight;
    }
}
