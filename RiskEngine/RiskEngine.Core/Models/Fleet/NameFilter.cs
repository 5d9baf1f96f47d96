using System.Numerics;
using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>Tells names seen before from new ones, in 516 bytes, and how many each new one stands for.</summary>
/// <remarks>
/// A bitmap as of linear counting (Whang, Vander-Zanden, Taylor, ACM TODS 15(2), 1990). Every bit that is newly set counts as the inverse of the chance
/// that a new name sets one, which makes the running sum unbiased (Ting, "Streamed approximate counting of distinct elements", KDD 2014). Beyond some 8,500
/// names a new one counts as at most eight, so that the sum falls behind and never runs away. Plain data, stored as it lies in memory.
/// </remarks>
internal struct NameFilter
{
    private const int Bits = 4096;

    private const int LeastFree = Bits / 8;

    private Words _words;
    private int _set;

    /// <summary>Adds a name by its hash.</summary>
    /// <returns>How many names it stands for, 1 to 8; 0 where it, or one that shares its bit, was added before.</returns>
    public float Add(ulong hash)
    {
        ref var word = ref _words[(int)((hash >> 6) % Words.Length)];
        var bit = 1UL << (int)(hash & 63);
        if ((word & bit) != 0) return 0;
        word |= bit;
        return (float)Bits / Math.Max(Bits - _set++, LeastFree);
    }

    public void Clear() => this = default;

    /// <summary>All names that either has seen. A name that is new to both was counted by both.</summary>
    public static NameFilter Union(in NameFilter one, in NameFilter other)
    {
        var union = new NameFilter();
        for (var i = 0; i < Words.Length; i++)
        {
            union._words[i] = one._words[i] | other._words[i];
            union._set += BitOperations.PopCount(union._words[i]);
        }

        return union;
    }

    [InlineArray(Length)]
    private struct Words
    {
        public const int Length = Bits / 64;

        private ulong _first;
    }
}
