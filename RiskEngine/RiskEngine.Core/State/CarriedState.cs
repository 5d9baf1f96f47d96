using System.Buffers.Binary;

namespace RiskEngine.Core.State;

/// <summary>Whose part of what is carried it is; the numbers are stored.</summary>
public enum CarriedPart : byte
{
    /// <summary>The safety valve.</summary>
    Valve = 1,

    /// <summary>How often honest people bring something new.</summary>
    Novelty = 2,

    /// <summary>What is in season for the fleet as a whole.</summary>
    Season = 3,

    /// <summary>How scores were distributed when the model was new, and how they are now.</summary>
    Drift = 4,
}

/// <summary>What the judge carries from one batch to the next beside the rows: some kilobytes in parts that only it understands.</summary>
/// <remarks>Stores keep it like a row: loaded with the view, taken with the commit where the judge wrote it, gone with a commit that fails. Made to be reused; not thread-safe.</remarks>
public sealed class CarriedState
{
    /// <summary>The most bytes there are room for.</summary>
    public const int Capacity = 32_768;

    /// <summary>First byte of the form with parts; others are of one without, which are given up.</summary>
    private const byte Form = 0xC2;

    private const int HeadLength = 3;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    /// <summary>Gets the bytes; empty where nothing was ever carried.</summary>
    public ReadOnlySpan<byte> Value => _bytes.AsSpan(0, _length);

    /// <summary>Gets whether the bytes are parts one behind the other to the last byte, or none at all; what is not is given up at the next write, from the place on where it ends.</summary>
    public bool IsWhole
    {
        get
        {
            var at = 1;
            while (at + HeadLength <= _length) at += HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at + 1));
            return _length == 0 || (_bytes[0] == Form && at == _length);
        }
    }

    /// <summary>Gets whether the judge wrote it since it was loaded.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Takes what is stored; more than there is room for counts as nothing.</summary>
    public void Load(ReadOnlySpan<byte> stored)
    {
        (_length, IsDirty) = (stored.Length <= Capacity ? stored.Length : 0, false);
        stored[.._length].CopyTo(_bytes);
    }

    /// <summary>Reads one part; empty where it was never written.</summary>
    public ReadOnlySpan<byte> Read(CarriedPart part)
    {
        var (start, length) = Find(part);
        return _bytes.AsSpan(start, length);
    }

    /// <summary>Gives one part's room to write to, and says that it must be stored. What the part held is there where its length stays the same.</summary>
    /// <param name="length">0 to 32,000; all parts together must fit in <see cref="Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit.</exception>
    public Span<byte> Write(CarriedPart part, int length)
    {
        var (start, found) = Find(part);
        if (found != length || start == 0) start = Resize(part, start, found, length);
        IsDirty = true;
        return _bytes.AsSpan(start, length);
    }

    private (int Start, int Length) Find(CarriedPart part)
    {
        for (var at = 1; at + HeadLength <= _length && _bytes[0] == Form;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at + 1));
            if (at + HeadLength + length > _length) break;
            if (_bytes[at] == (byte)part) return (at + HeadLength, length);
            at += HeadLength + length;
        }

        return (0, 0);
    }

    private int Resize(CarriedPart part, int start, int found, int length)
    {
        if (_length == 0 || _bytes[0] != Form) (_bytes[0], _length) = (Form, 1);
        if (start != 0)
        {
            _bytes.AsSpan((start + found).._length).CopyTo(_bytes.AsSpan(start - HeadLength));
            _length -= HeadLength + found;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(_length + HeadLength + length, Capacity, nameof(length));
        _bytes[_length] = (byte)part;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length + 1), (ushort)length);
        var at = _length + HeadLength;
        _length = at + length;
        return at;
    }

    public void Clear() => (_length, IsDirty) = (0, false);
}
