using System.Numerics;

namespace RiskEngine.Core.Models;

/// <summary>About how many different things were seen lately, in 36 bytes: two generations of a 128-bit linear-counting bitmap.</summary>
/// <remarks>
/// Linear counting: with z of 128 bits still zero, the estimate is −128·ln(z/128) (Whang, Vander-Zanden, Taylor, "A linear-time probabilistic
/// counting algorithm", ACM TODS 15(2), 1990). Nearly exact below 20, about 10 % off at 100, capped at 620. The current generation covers
/// the epoch under way, the previous one the epoch before, so an estimate spans between one and two epochs. Adding is idempotent.
/// </remarks>
public struct DistinctSketch
{
    private ulong _current0;
    private ulong _current1;
    private ulong _previous0;
    private ulong _previous1;
    private uint _epoch;

    /// <summary>Adds a thing by its hash.</summary>
    /// <param name="hash">Evenly distributed bits.</param>
    /// <param name="at">Event time in Unix seconds.</param>
    /// <param name="epochSeconds">Length of an epoch; the same for every call on one sketch.</param>
    public void Add(ulong hash, uint at, uint epochSeconds)
    {
        var epoch = at / epochSeconds;
        Advance(epoch);
        var bit = 1UL << (int)(hash & 63);
        var upper = (hash & 64) != 0;
        if (epoch == _epoch)
        {
            if (upper) _current1 |= bit; else _current0 |= bit;
        }
        else if (epoch + 1 == _epoch)
        {
            if (upper) _previous1 |= bit; else _previous0 |= bit;
        }
    }

    /// <summary>The estimate as seen at that time.</summary>
    public readonly float Count(uint at, uint epochSeconds)
    {
        var copy = this;
        copy.Advance(at / epochSeconds);
        var set = BitOperations.PopCount(copy._current0 | copy._previous0) + BitOperations.PopCount(copy._current1 | copy._previous1);
        return set switch
        {
            0 => 0,
            >= 127 => 620,
            _ => -128f * MathF.Log((128 - set) / 128f),
        };
    }

    /// <summary>All things that either has seen, as if one had seen them; what is older than an epoch before the newer one's is gone.</summary>
    public static DistinctSketch Union(in DistinctSketch one, in DistinctSketch other)
    {
        var (union, added) = (one, other);
        union.Advance(other._epoch);
        added.Advance(one._epoch);
        (union._current0, union._current1) = (union._current0 | added._current0, union._current1 | added._current1);
        (union._previous0, union._previous1) = (union._previous0 | added._previous0, union._previous1 | added._previous1);
        return union;
    }

    private void Advance(uint epoch)
    {
        if (epoch <= _epoch) return;
        (_previous0, _previous1) = epoch == _epoch + 1 ? (_current0, _current1) : (0, 0);
        (_current0, _current1, _epoch) = (0, 0, epoch);
    }
}
