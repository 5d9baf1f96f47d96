using RiskEngine.Core.Models;

namespace RiskEngine.Core.State;

/// <summary>The profiles that a batch touches, each in its full room so that it can grow in place.</summary>
/// <remarks>Slots are those of <see cref="Rows"/>. Made to be reused. Not thread-safe.</remarks>
public sealed class ProfileSet
{
    private byte[] _bytes = new byte[64 * SubjectProfile.MaxLength];

    /// <summary>Gets keys and flags; the row itself holds nothing.</summary>
    public RowSet<Nothing> Rows { get; } = new();

    public int Count => Rows.Count;

    /// <summary>Adds a subject and returns its slot; its profile starts out empty.</summary>
    public int Add(UInt128 subject)
    {
        var before = Rows.Count;
        var slot = Rows.Add(subject);
        if (Rows.Count == before) return slot;
        var needed = Rows.Count * SubjectProfile.MaxLength;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        // Only what a reader may look at needs clearing: entries beyond the count are never read.
        _bytes.AsSpan(slot * SubjectProfile.MaxLength, SubjectProfile.HeaderLength).Clear();
        return slot;
    }

    /// <summary>The profile to read or to change; say so with <c>Rows.MarkDirty</c>.</summary>
    public SubjectProfile Profile(int slot) => new(Room(slot));

    /// <summary>The whole room of a profile, for a store to copy a stored one into.</summary>
    public Span<byte> Room(int slot) => _bytes.AsSpan(slot * SubjectProfile.MaxLength, SubjectProfile.MaxLength);

    /// <summary>The bytes of a profile that need storing.</summary>
    public ReadOnlySpan<byte> Used(int slot) => Room(slot)[..Profile(slot).UsedLength];

    public void Clear() => Rows.Clear();
}

/// <summary>A row without content.</summary>
public readonly record struct Nothing;
