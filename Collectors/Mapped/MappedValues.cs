using System.Buffers.Text;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Gives the fields of one record their types and copies their texts into a batch; keeps the first fault.</summary>
internal ref struct MappedValues(ReadOnlySpan<byte> record, MappedSlots slots, EventBatch batch)
{
    private readonly ReadOnlySpan<byte> _record = record;

    public EventBatch Batch { get; } = batch;

    public Defect Fault { get; private set; }

    public void Fail(DefectReason reason, int position, string detail) => Fail(new Defect(reason, position, detail));

    /// <param name="defect">The fault, or none.</param>
    public void Fail(Defect defect)
    {
        if (Fault.IsNone) Fault = defect;
    }

    /// <summary>The field's text as it is; a required one that is empty is a fault.</summary>
    public ReadOnlySpan<byte> Raw(MappedField field)
    {
        if (!field.IsGiven) return default;
        var text = field.Text(_record, slots);
        if (text.IsEmpty && field.IsRequired) Fail(DefectReason.MissingField, field.At(slots), field.Names.Missing);
        return text;
    }

    public Slice Text(MappedField field)
    {
        var text = Raw(field);
        if (text.Length <= field.Names.Length) return Batch.Append(text);
        Fail(DefectReason.FieldTooLong, field.At(slots), field.Names.TooLong);
        return default;
    }

    public Slice TextCut(MappedField field) => Cut(Raw(field), field.Names.Length);

    public readonly Slice Cut(ReadOnlySpan<byte> text, int length) => Batch.Append(RecordText.Cut(text, length));

    public IpAddress Address(MappedField field)
    {
        if (!AddressText.TryParse(Raw(field), out var address, out var problem)) Fail(DefectReason.BadAddress, field.At(slots), problem);
        return address;
    }

    /// <summary>Reads true and false in any case of letters, 1 and 0.</summary>
    public bool? Flag(MappedField field)
    {
        var text = Raw(field);
        if (text.IsEmpty) return null;
        if (text.SequenceEqual("1"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "true"u8)) return true;
        if (!text.SequenceEqual("0"u8) && !System.Text.Ascii.EqualsIgnoreCase(text, "false"u8)) Fail(DefectReason.WrongType, field.At(slots), field.Names.NotBoolean);
        return false;
    }

    public double? Number(MappedField field, double least, double most) => Number(field, Raw(field), least, most);

    /// <summary>Reads the number of an autonomous system, "3320" or "AS3320".</summary>
    public uint SystemNumber(MappedField field)
    {
        var text = Raw(field);
        if (text.Length > 2 && System.Text.Ascii.EqualsIgnoreCase(text[..2], "as"u8)) text = text[2..];
        return (uint)(Number(field, text, 0, uint.MaxValue) ?? 0);
    }

    /// <summary>Copies a list: the elements of one, or a text cut where the mapping says; without empty ones.</summary>
    public SliceRange List(MappedField field)
    {
        var start = Batch.ListCount;
        var count = field.ListSlot < 0 ? 0 : slots.EntryCount(field.ListSlot);
        for (var i = 0; i < count; i++) AddEntry(field, slots.Entry(_record, field.ListSlot, i), start);
        if (count == 0)
        {
            for (var text = Raw(field); !text.IsEmpty;)
            {
                var end = field.Split.Length == 0 ? -1 : text.IndexOf(field.Split);
                AddEntry(field, (end < 0 ? text : text[..end]).Trim((byte)' '), start);
                text = end < 0 ? default : text[(end + field.Split.Length)..];
            }
        }

        return new SliceRange(start, Batch.ListCount - start);
    }

    private void AddEntry(MappedField field, ReadOnlySpan<byte> text, int start)
    {
        text = field.LookUp(text);
        if (text.IsEmpty) return;
        if (text.Length > field.Names.Length) Fail(DefectReason.FieldTooLong, field.At(slots), field.Names.TooLong);
        else if (Batch.ListCount - start >= JsonCursor.ListLimit) Fail(DefectReason.FieldTooLong, field.At(slots), field.Names.TooMany);
        else Batch.AppendToList(Batch.Append(text));
    }

    private double? Number(MappedField field, ReadOnlySpan<byte> text, double least, double most)
    {
        if (text.IsEmpty) return null;
        if (!Utf8Parser.TryParse(text, out double value, out var used) || used != text.Length) Fail(DefectReason.BadNumber, field.At(slots), field.Names.NotNumber);
        else if (!(value >= least && value <= most)) Fail(DefectReason.BadNumber, field.At(slots), field.Names.OutOfRange);
        else return value;
        return null;
    }
}
