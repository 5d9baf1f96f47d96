using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Erasure;

/// <summary>The keys under which a subject that is to be forgotten is found; its names are not needed any more.</summary>
/// <param name="Keys">Keys of state, see <see cref="StateKeys.Subject"/>: of its id and of its names. 255 at most.</param>
/// <param name="Handles">What blocks and the audit know it by, see <see cref="SubjectHandle"/>. 255 at most.</param>
/// <param name="Skeletons">What its names look like, with the bits by which the row of that look is told to be its own.</param>
internal sealed record ErasedSubject(IReadOnlyList<UInt128> Keys, IReadOnlyList<UInt128> Handles, IReadOnlyList<(UInt128 Key, uint Tag)> Skeletons)
{
    private const int KeyLength = 16, SkeletonLength = KeyLength + sizeof(uint);

    /// <summary>The numbers of keys and handles, then all of them, 16 bytes each, then the skeletons, 20 bytes each; big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[2 + ((Keys.Count + Handles.Count) * KeyLength) + (Skeletons.Count * SkeletonLength)];
        (bytes[0], bytes[1]) = (checked((byte)Keys.Count), checked((byte)Handles.Count));
        var at = 2;
        foreach (var key in Keys.Concat(Handles))
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), key);
            at += KeyLength;
        }

        foreach (var (key, tag) in Skeletons)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), key);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + KeyLength), tag);
            at += SkeletonLength;
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no such list.</exception>
    public static ErasedSubject FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes.Length - 2 - ((bytes[0] + bytes[1]) * KeyLength) is var rest && (rest < 0 || rest % SkeletonLength != 0))
            throw new FormatException("An erasure that is to be finished is damaged.");
        var keys = ReadKeys(bytes[2..], bytes[0]);
        var handles = ReadKeys(bytes[(2 + (bytes[0] * KeyLength))..], bytes[1]);
        var skeletons = new (UInt128, uint)[rest / SkeletonLength];
        for (var i = 0; i < skeletons.Length; i++)
        {
            var at = bytes.Length - rest + (i * SkeletonLength);
            skeletons[i] = (BinaryPrimitives.ReadUInt128BigEndian(bytes[at..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + KeyLength)..]));
        }

        return new ErasedSubject(keys, handles, skeletons);
    }

    public bool Owns(KeyedHash hash, StoredEvent stored) =>
        Keys.Contains(StateKeys.Subject(hash, Encoding.UTF8.GetBytes(stored.Tenant), Encoding.UTF8.GetBytes(stored.SubjectId), Encoding.UTF8.GetBytes(stored.SubjectName)));

    public bool IsNamedIn(KeyedHash hash, Block block) => SubjectHandle.Of(hash, block) is { } handle && Handles.Contains(handle);

    /// <summary>Whether the row of a look is that of a name with these bits, and not of another account that looks the same.</summary>
    public static bool IsOwn(in SkeletonRow row, uint tag) => row.FirstSeen != 0 && row.Name == tag;

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
