using System.Numerics;

namespace RiskEngine.Core.Incidents;

/// <summary>How many different things were added: exact up to <see cref="ExactLimit"/>, a sketch of 1 KB beyond.</summary>
/// <remarks>
/// The sketch is HyperLogLog with 1,024 registers (Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality
/// estimation algorithm", AofA 2007), with linear counting below 2.5 times the registers, as there: a standard error of 3.3 %, and never more than was added. Two counts merge into
/// what one of all things would be. Not thread-safe.
/// </remarks>
public sealed class DistinctCount
{
    /// <summary>Things up to which the count is exact.</summary>
    public const int ExactLimit = 128;

    private const int Registers = 1024, RegisterBits = 10;

    private HashSet<ulong>? _exact = [];
    private byte[]? _sketch;
    private long _estimate = -1;
    private long _added;

    /// <summary>Gets whether <see cref="Count"/> is exact.</summary>
    public bool IsExact => _exact is not null;

    /// <summary>Gets how many there are.</summary>
    public long Count => _exact?.Count ?? (_estimate >= 0 ? _estimate : _estimate = Math.Min(Estimate(_sketch!), _added));

    /// <summary>Adds a thing; adding it again changes nothing.</summary>
    /// <param name="key">Any number that differs between two things; it is mixed here.</param>
    public void Add(ulong key)
    {
        _added++;
        if (_exact is not null)
        {
            if (!_exact.Add(key) || _exact.Count <= ExactLimit) return;
            _sketch = new byte[Registers];
            foreach (var each in _exact) Note(_sketch, Mix(each));
            _exact = null;
            return;
        }

        _estimate = -1;
        Note(_sketch!, Mix(key));
    }

    /// <summary>Puts another thing in the place of one, so that the count stays and the thing is forgotten; a sketch holds none.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Replace(ulong key, ulong other) => _exact is not null && _exact.Remove(key) && _exact.Add(other);

    /// <summary>Adds everything that another has.</summary>
    public void Add(DistinctCount other)
    {
        if (other._exact is { } few)
        {
            foreach (var key in few) Add(key);
            _added += other._added - few.Count;
            return;
        }

        var sketch = (byte[])other._sketch!.Clone();
        if (_exact is not null)
        {
            foreach (var key in _exact) Note(sketch, Mix(key));
        }
        else
        {
            for (var i = 0; i < Registers; i++) sketch[i] = Math.Max(sketch[i], _sketch![i]);
        }

        (_exact, _sketch, _estimate, _added) = (null, sketch, -1, _added + other._added);
    }

    private static void Note(byte[] sketch, ulong hash)
    {
        var register = (int)(hash >> (64 - RegisterBits));
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << RegisterBits) | (1UL << (RegisterBits - 1))) + 1);
        if (rank > sketch[register]) sketch[register] = rank;
    }

    private static long Estimate(byte[] sketch)
    {
        var sum = 0.0;
        var empty = 0;
        foreach (var rank in sketch)
        {
            sum += 1.0 / (1UL << rank);
            if (rank == 0) empty++;
        }

        const double alpha = 0.7213 / (1 + (1.079 / Registers));
        var raw = alpha * Registers * Registers / sum;
        return (long)Math.Round(raw <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : raw);
    }

    /// <summary>Spreads the bits of a number that may be an address: the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</summary>
    private static ulong Mix(ulong key)
    {
        key += 0x9E37_79B9_7F4A_7C15;
        key = (key ^ (key >> 30)) * 0xBF58_476D_1CE4_E5B9;
        key = (key ^ (key >> 27)) * 0x94D0_49BB_1331_11EB;
        return key ^ (key >> 31);
    }
}
