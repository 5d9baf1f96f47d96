using System.Runtime.InteropServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Erasure;

/// <summary>The keys under which a subject that is to be forgotten is found; its names are not needed any more.</summary>
/// <param name="Keys">Keys of state, see <see cref="StateKeys.Subject"/>: of its id and of its names.</param>
/// <param name="Handles">What blocks and the audit know it by, see <see cref="SubjectHandle"/>.</param>
internal sealed record ErasedSubject(IReadOnlyList<UInt128> Keys, IReadOnlyList<UInt128> Handles)
{
    /// <summary>The number of keys, then all of them, 16 bytes each, as they lie in memory.</summary>
    public byte[] ToBytes() => [(byte)Keys.Count, .. MemoryMarshal.AsBytes<UInt128>([.. Keys, .. Handles])];

    /// <exception cref="FormatException">The bytes are no such list.</exception>
    public static ErasedSubject FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || (bytes.Length - 1) % 16 != 0 || bytes[0] > (bytes.Length - 1) / 16) throw new FormatException("An erasure that is to be finished is damaged.");
        var all = MemoryMarshal.Cast<byte, UInt128>(bytes[1..].ToArray()).ToArray();
        return new ErasedSubject(all[..bytes[0]], all[bytes[0]..]);
    }

    public bool Owns(KeyedHash hash, StoredEvent stored) => Keys.Contains(StateKeys.Subject(hash, Bytes(stored.Tenant), Bytes(stored.SubjectId), Bytes(stored.SubjectName)));

    public bool IsNamedIn(KeyedHash hash, Block block) => SubjectHandle.Of(hash, block) is { } handle && Handles.Contains(handle);

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
