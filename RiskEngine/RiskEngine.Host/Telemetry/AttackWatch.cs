using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry;

/// <summary>Tells whether an attack is under way: ten logins or more within five minutes on which one kind of velocity was held against them.</summary>
/// <remarks>By processing time, in whole minutes. One thread notes, any thread asks; a scrape may miss the batch under way.</remarks>
internal sealed class AttackWatch
{
    private const int Minutes = 5, Threshold = 10;

    private static readonly SignalCode[] Kinds =
        [SignalCode.BruteForce, SignalCode.DistributedBruteForce, SignalCode.PasswordSpray, SignalCode.NetworkSpray, SignalCode.CredentialStuffing];

    private readonly TimeProvider _clock;
    private readonly (long Minute, int Count)[,] _slots = new (long, int)[Kinds.Length, Minutes];

    public AttackWatch(InstrumentSet instruments, TimeProvider clock)
    {
        _clock = clock;
        instruments.Gauge(
            "riskengine_attack_active", "1 while an attack of that kind is under way: ten logins within five minutes had the signal.",
            () => Kinds.Select((kind, index) => new Measurement<double>(IsActive(index) ? 1 : 0, new KeyValuePair<string, object?>("kind", kind.Describe().Name))));
    }

    public void Note(SignalCode code, int count)
    {
        var kind = Array.IndexOf(Kinds, code);
        if (kind < 0) return;
        var minute = Now;
        ref var slot = ref _slots[kind, minute % Minutes];
        slot = slot.Minute == minute ? (minute, slot.Count + count) : (minute, count);
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    private bool IsActive(int kind)
    {
        var sum = 0;
        for (var i = 0; i < Minutes; i++)
        {
            if (_slots[kind, i].Minute > Now - Minutes) sum += _slots[kind, i].Count;
        }

        return sum >= Threshold;
    }
}
