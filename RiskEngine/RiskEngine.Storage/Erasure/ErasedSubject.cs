using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Erasure;

/// <summary>The keys under which a subject that is to be forgotten is found; its names are not needed any more.</summary>
/// <param name="Keys">Keys of state, see <see cref="StateKeys.Subject"/>: of its id and of its names. 255 at most.</param>
/// <param name="Handles">What blocks and the audit know it by, see <see cref="SubjectHandle"/>. 255 at most.</param>
internal sealed record ErasedSubject(IReadOnlyList<UInt128> Keys, IReadOnlyList<UInt128> Handles)
{
    private const int KeyLength = 16;

    /// <summary>The numbers of keys and handles, then all of them, 16 bytes each, big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[2 + ((Keys.Count + Handles.Count) * KeyLength)];
        (bytes[0], bytes[1]) = (checked((byte)Keys.Count), checked((byte)Handles.Count));
        var at = 2;
        foreach (var key in Keys.Concat(Handles))
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), key);
            at += KeyLength;
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no such list.</exception>
    public static ErasedSubject FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes.Length - 2 - ((bytes[0] + bytes[1]) * KeyLength) != 0)
            throw new FormatException("An erasure that is to be finished is damaged.");
        return new ErasedSubject(ReadKeys(bytes[2..], bytes[0]), ReadKeys(bytes[(2 + (bytes[0] * KeyLength))..], bytes[1]));
    }

    public bool Owns(KeyedHash hash, StoredEvent stored) =>
        Keys.Contains(StateKeys.Subject(hash, Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName)));

    public bool IsNamedIn(KeyedHash hash, Block block) => SubjectHandle.Of(hash, block) is { } handle && Handles.Contains(handle);

    /// <summary>Whether it is the account that the row is about.</summary>
    public bool Owns(in SkeletonRow row)
    {
        foreach (var key in Keys)
        {
            if ((ulong)key == row.Subject) return true;
        }

        return false;
    }

    private static UInt128[] ReadKeys(ReadOnlySpan<byte> bytes, int count)
    {
        var keys = new UInt128[count];
        for (var i = 0; i < count; i++) keys[i] = BinaryPrimitives.ReadUInt128BigEndian(bytes[(i * KeyLength)..]);
        return keys;
    }
}

/// <summary>Rows of a subject whose keys have to be looked for: those found so far.</summary>
internal sealed class ErasedRows
{
    public HashSet<UInt128> Pairs { get; } = [];

    public HashSet<UInt128> Skeletons { get; } = [];
}
