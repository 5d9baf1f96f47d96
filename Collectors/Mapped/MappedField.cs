using System.Text;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>One field of a mapping made ready: its slots, its table, its constant, and how defects name it.</summary>
internal sealed class MappedField(string name, MappedText text, int[] slots, bool isRequired)
{
    private readonly byte[]? _constant = text.Value is { } value ? Encoding.UTF8.GetBytes(value) : null;
    private readonly byte[]? _otherwise = text.Otherwise is { } otherwise ? Encoding.UTF8.GetBytes(otherwise) : null;
    private readonly (byte[] From, byte[] To)[] _values = [.. text.Values.Select(entry => (Encoding.UTF8.GetBytes(entry.Key), Encoding.UTF8.GetBytes(entry.Value)))];

    /// <summary>Gets how defects name the field, and how long it may be: as in the canonical event.</summary>
    public JsonField Names { get; } = new(name, name switch { "user_agent" => 2048, "session_id" => 4096, "geo.country" => 64, _ => 256 });

    public bool IsRequired => isRequired;

    public bool IsGiven => slots.Length > 0 || _constant is not null;

    /// <summary>Gets what stands between the entries of a list; empty where a text is one entry.</summary>
    public byte[] Split { get; } = Encoding.UTF8.GetBytes(text.Split ?? "");

    /// <summary>Gets the slot of a field that may be a list; −1 for none.</summary>
    public int ListSlot => slots.Length == 1 ? slots[0] : -1;

    /// <summary>Where the field stands in the record, for a defect; −1 where that cannot be said.</summary>
    public int At(MappedSlots found) => slots.Length == 0 ? -1 : found.At(slots[0]);

    /// <summary>Gets the text of a record; empty where it has none.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> record, MappedSlots found)
    {
        if (_constant is not null) return _constant;
        return slots.Length == 0 ? default : LookUp(slots.Length == 1 ? found.Text(record, slots[0]) : found.Join(record, slots));
    }

    /// <summary>Puts what the table says in the place of a text.</summary>
    public ReadOnlySpan<byte> LookUp(ReadOnlySpan<byte> found)
    {
        foreach (ref readonly var entry in _values.AsSpan())
        {
            if (found.SequenceEqual(entry.From)) return entry.To;
        }

        return found.IsEmpty || _otherwise is null ? found : _otherwise;
    }
}
