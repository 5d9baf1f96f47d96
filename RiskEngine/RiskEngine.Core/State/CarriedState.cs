namespace RiskEngine.Core.State;

/// <summary>What the judge carries from one batch to the next beside the rows: some hundred bytes that only it understands.</summary>
/// <remarks>Stores keep it like a row: loaded with the view, taken with the commit where the judge wrote it, gone with a commit that fails. Made to be reused; not thread-safe.</remarks>
public sealed class CarriedState
{
    /// <summary>The most bytes there are room for.</summary>
    public const int Capacity = 1024;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    /// <summary>Gets the bytes; empty where nothing was ever carried.</summary>
    public ReadOnlySpan<byte> Value => _bytes.AsSpan(0, _length);

    /// <summary>Gets whether the judge wrote it since it was loaded.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Takes what is stored; more than there is room for counts as nothing.</summary>
    public void Load(ReadOnlySpan<byte> stored)
    {
        (_length, IsDirty) = (stored.Length <= Capacity ? stored.Length : 0, false);
        stored[.._length].CopyTo(_bytes);
    }

    /// <summary>Gives that much room to write to, and says that it must be stored.</summary>
    /// <param name="length">0 to <see cref="Capacity"/>.</param>
    public Span<byte> Write(int length)
    {
        var room = _bytes.AsSpan(0, length);
        (_length, IsDirty) = (length, true);
        return room;
    }

    public void Clear() => (_length, IsDirty) = (0, false);
}
