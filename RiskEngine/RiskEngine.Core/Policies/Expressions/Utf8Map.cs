using System.Buffers.Binary;
using System.Numerics;

namespace RiskEngine.Core.Policies;

/// <summary>Numbers by texts, looked up by UTF-8 without allocating. Immutable, thread-safe.</summary>
/// <remarks>Open addressing with linear probing, at most half full. The texts are those of a policy, so no outsider chooses what collides.</remarks>
internal sealed class Utf8Map
{
    private readonly (byte[]? Key, int Value)[] _slots;
    private readonly int _longest;

    /// <param name="entries">Texts, each once, and numbers.</param>
    public Utf8Map(IReadOnlyCollection<(byte[] Key, int Value)> entries)
    {
        _slots = new (byte[]?, int)[BitOperations.RoundUpToPowerOf2((uint)(entries.Count * 2) + 1)];
        foreach (var entry in entries)
        {
            _longest = Math.Max(_longest, entry.Key.Length);
            var slot = Hash(entry.Key) & (_slots.Length - 1);
            while (_slots[slot].Key is not null) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = entry;
        }
    }

    /// <summary>The number of a text; −1 where it is none of them.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        // Whoever sends a long text does not choose how long it is hashed.
        if (text.Length > _longest) return -1;
        for (var slot = Hash(text) & (_slots.Length - 1); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var (key, value) = _slots[slot];
            if (key is null) return -1;
            if (text.SequenceEqual(key)) return value;
        }
    }

    private static int Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * 0x9E3779B97F4A7C15;
            text = text[8..];
        }

        foreach (var unit in text) hash = (BitOperations.RotateLeft(hash, 9) ^ unit) * 0x9E3779B97F4A7C15;
        return (int)((hash ^ (hash >> 32)) & int.MaxValue);
    }
}
