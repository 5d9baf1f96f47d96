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

    /// <summary>Takes out what another sketch of the same epochs holds; what shares a bit with it goes as well, so the estimate errs downwards.</summary>
    public void Remove(in DistinctSketch other)
    {
        var part = other;
        var epoch = Math.Max(_epoch, part._epoch);
        Advance(epoch);
        part.Advance(epoch);
        (_current0, _current1) = (_current0 & ~part._current0, _current1 & ~part._current1);
        (_previous0, _previous1) = (_previous0 & ~part._previous0, _previous1 & ~part._previous1);
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

    /// <summary>Adds to what is there now the things that one judge added between <paramref name="before"/> and <paramref name="mine"/>, and takes out those that it took out.</summary>
    /// <remarks>What is older than an epoch before the newest one's is gone.</remarks>
    public static DistinctSketch Merge(in DistinctSketch current, in DistinctSketch mine, in DistinctSketch before)
    {
        var (merged, made, given) = (current, mine, before);
        var epoch = Math.Max(current._epoch, Math.Max(mine._epoch, before._epoch));
        merged.Advance(epoch);
        made.Advance(epoch);
        given.Advance(epoch);
        merged._current0 = Merge(merged._current0, made._current0, given._current0);
        merged._current1 = Merge(merged._current1, made._current1, given._current1);
        merged._previous0 = Merge(merged._previous0, made._previous0, given._previous0);
        merged._previous1 = Merge(merged._previous1, made._previous1, given._previous1);
        return merged;
    }

    private static ulong Merge(ulong current, ulong mine, ulong before) => (current & ~(before & ~mine)) | (mine & ~before);

    private void Advance(uint epoch)
    {
        if (epoch <= _epoch) return;
        (_previous0, _previous1) = epoch == _epoch + 1 ? (_current0, _current1) : (0, 0);
        (_current0, _current1, _epoch) = (0, 0, epoch);
    }
}
