using System.Buffers.Binary;
using System.Buffers.Text;

namespace RiskEngine.Core.Facts;

/// <summary>Reads fields of one section of a MaxMind database (specification 2.0, "Data Field Format"). Allocates nothing, throws nothing.</summary>
/// <remarks>
/// Methods answer false at the first thing that cannot be and <see cref="Fault"/> then says what. Input is taken as hostile: every length is
/// checked against the section, a pointer may not lead to a pointer (so there are no cycles of pointers), and one decoder reads at most
/// <c>budget</c> fields, so a record that nests or repeats without end costs no more than that.
/// </remarks>
/// <param name="section">The data section, or the metadata: what pointers are relative to.</param>
/// <param name="budget">The most fields to read.</param>
public ref struct MmdbDecoder(ReadOnlySpan<byte> section, int budget = MmdbDecoder.RecordBudget)
{
    /// <summary>Fields of one record: ten times what the largest real ones have.</summary>
    public const int RecordBudget = 8192;

    private readonly ReadOnlySpan<byte> _section = section;
    private int _budget = budget;

    /// <summary>Gets what went wrong first.</summary>
    public MmdbFault Fault { get; private set; }

    /// <summary>Reads the field at that offset, following a pointer.</summary>
    public bool TryRead(int offset, out MmdbField field)
    {
        if (!TryReadControl(offset, out field)) return false;
        if (field.Type != MmdbType.Pointer) return true;
        var next = field.Next;
        if (!TryReadControl(field.Size, out field)) return false;
        if (field.Type == MmdbType.Pointer) return Fail(MmdbFault.BadPointer);
        field = field with { Next = next };
        return true;
    }

    /// <summary>Finds where the field after <paramref name="field"/> begins. Pointers inside are stepped over, not followed.</summary>
    public bool TrySkip(in MmdbField field, out int next)
    {
        next = field.Next;
        if (next >= 0) return true;
        next = field.Payload;
        for (var left = Fields(field); left > 0; left--)
        {
            if (!TryReadControl(next, out var inner)) return false;
            next = inner.Next >= 0 ? inner.Next : inner.Payload;
            if (inner.Next < 0) left += Fields(inner);
        }

        return true;
    }

    /// <summary>Reads a key of a map and the value behind it, and moves the offset behind the key.</summary>
    public bool TryReadEntry(ref int offset, out ReadOnlySpan<byte> key, out MmdbField value)
    {
        key = default;
        value = default;
        if (!TryRead(offset, out var name)) return false;
        if (name.Type != MmdbType.String) return Fail(MmdbFault.BadType);
        key = Bytes(name);
        offset = name.Next;
        return TryRead(offset, out value);
    }

    /// <summary>The bytes of a string or of bytes; empty for other types.</summary>
    public readonly ReadOnlySpan<byte> Bytes(scoped in MmdbField field) =>
        field.Type is MmdbType.String or MmdbType.Bytes ? _section.Slice(field.Payload, field.Size) : default;

    /// <summary>An unsigned number of up to 64 bits, or a number written as text (flat databases), an "AS" before it allowed.</summary>
    public readonly bool TryGetUnsigned(in MmdbField field, out ulong value)
    {
        value = 0;
        switch (field.Type)
        {
            case MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64:
                foreach (var b in _section.Slice(field.Payload, field.Size)) value = (value << 8) | b;
                return true;
            case MmdbType.String:
                var text = Bytes(field);
                if (text.StartsWith("AS"u8)) text = text[2..];
                return Utf8Parser.TryParse(text, out value, out var read) && read == text.Length;
            default:
                return false;
        }
    }

    /// <summary>A double, a float, a whole number, or a number written as text; NaN for anything else.</summary>
    public readonly double Number(in MmdbField field)
    {
        var bytes = field.Type is MmdbType.Map or MmdbType.Array or MmdbType.Boolean ? default : _section.Slice(field.Payload, field.Size);
        return field.Type switch
        {
            MmdbType.Double => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            MmdbType.Float => BinaryPrimitives.ReadSingleBigEndian(bytes),
            MmdbType.Int32 => Int32(field),
            MmdbType.String => Utf8Parser.TryParse(bytes, out double value, out var read) && read == bytes.Length ? value : double.NaN,
            _ => TryGetUnsigned(field, out var whole) ? whole : double.NaN,
        };
    }

    /// <summary>A signed number; shorter than four bytes it is not sign-extended (specification, "int32").</summary>
    public readonly int Int32(in MmdbField field)
    {
        var value = 0;
        foreach (var b in _section.Slice(field.Payload, field.Size)) value = (value << 8) | b;
        return value;
    }

    /// <summary>A 128-bit number.</summary>
    public readonly UInt128 UInt128(in MmdbField field)
    {
        System.UInt128 value = 0;
        foreach (var b in _section.Slice(field.Payload, field.Size)) value = (value << 8) | b;
        return value;
    }

    /// <summary>Notes a fault that the caller found; the first one stays.</summary>
    /// <returns>False.</returns>
    public bool Fail(MmdbFault fault)
    {
        if (Fault == MmdbFault.None) Fault = fault;
        return false;
    }

    private static int Fields(in MmdbField field) => field.Type == MmdbType.Map ? field.Size * 2 : field.Type == MmdbType.Array ? field.Size : 0;

    private static bool IsSizePossible(MmdbType type, int size) => type switch
    {
        MmdbType.Double => size == 8,
        MmdbType.Float or MmdbType.Int32 or MmdbType.UInt32 => size <= 4 && (type != MmdbType.Float || size == 4),
        MmdbType.UInt16 => size <= 2,
        MmdbType.UInt64 => size <= 8,
        MmdbType.UInt128 => size <= 16,
        MmdbType.Boolean => size <= 1,
        _ => true,
    };

    /// <summary>Reads the control byte, the type and the length; of a pointer, <c>Size</c> is its target.</summary>
    private bool TryReadControl(int offset, out MmdbField field)
    {
        field = default;
        if (--_budget < 0) return Fail(MmdbFault.TooLarge);
        if ((uint)offset >= (uint)_section.Length) return Fail(MmdbFault.FieldBeyondData);
        var control = _section[offset++];
        var type = (MmdbType)(control >> 5);
        if (type == MmdbType.Pointer) return TryReadPointer(control, offset, out field);
        if (type == MmdbType.Extended)
        {
            if (offset >= _section.Length) return Fail(MmdbFault.FieldBeyondData);
            var extended = _section[offset++];
            if (extended is 0 or > (byte)MmdbType.Float - (byte)MmdbType.Map) return Fail(MmdbFault.BadType);
            type = MmdbType.Map + extended;
        }

        if (type is MmdbType.DataCache or MmdbType.EndMarker) return Fail(MmdbFault.BadType);

        // Lengths of 29 and more stand in one to three bytes of their own, each form continuing where the shorter one ends.
        var size = control & 0x1F;
        if (size >= 29)
        {
            var bytes = size - 28;
            if (_section.Length - offset < bytes) return Fail(MmdbFault.FieldBeyondData);
            size = bytes switch
            {
                1 => 29 + _section[offset],
                2 => 285 + ((_section[offset] << 8) | _section[offset + 1]),
                _ => 65_821 + ((_section[offset] << 16) | (_section[offset + 1] << 8) | _section[offset + 2]),
            };
            offset += bytes;
        }

        if (!IsSizePossible(type, size)) return Fail(MmdbFault.BadSize);
        if (type is MmdbType.Map or MmdbType.Array)
        {
            // Each entry takes a byte at least (two in a map): a count that cannot fit is refused before anything is read for it.
            if (Fields(new MmdbField(type, size, 0, 0)) > _section.Length - offset) return Fail(MmdbFault.FieldBeyondData);
            field = new MmdbField(type, size, offset, size == 0 ? offset : -1);
            return true;
        }

        var length = type == MmdbType.Boolean ? 0 : size;
        if (length > _section.Length - offset) return Fail(MmdbFault.FieldBeyondData);
        field = new MmdbField(type, size, offset, offset + length);
        return true;
    }

    /// <summary>Pointers have four lengths, each adding what the shorter ones could reach (specification, "pointer").</summary>
    private bool TryReadPointer(byte control, int offset, out MmdbField field)
    {
        field = default;
        var bytes = ((control >> 3) & 3) + 1;
        if (_section.Length - offset < bytes) return Fail(MmdbFault.FieldBeyondData);
        long target = bytes == 4 ? 0 : control & 7;
        for (var i = 0; i < bytes; i++) target = (target << 8) | _section[offset + i];
        target += bytes switch { 2 => 2048, 3 => 526_336, _ => 0 };
        if (target >= _section.Length) return Fail(MmdbFault.BadPointer);
        field = new MmdbField(MmdbType.Pointer, (int)target, offset, offset + bytes);
        return true;
    }
}
