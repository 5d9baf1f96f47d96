using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Walks over one JSON record and copies what is wanted into a batch, unescaped. Allocates nothing.</summary>
/// <remarks>
/// The first fault is kept and the walk goes on, so that a caller who learns late that the record is none of his can still ignore it. Every read
/// leaves the cursor at the end of the value it was called on. A field that is read a second time is a fault: who reads the first and who reads the last
/// of two would see different events. Broken JSON throws, as the reader below does: see <see cref="JsonFault"/>.
/// </remarks>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, EventBatch batch)
{
    /// <summary>The most entries that a list of groups or factors may have.</summary>
    public const int ListLimit = 256;

    private static readonly System.Buffers.SearchValues<byte> IntegerDigits = System.Buffers.SearchValues.Create("-0123456789"u8);

    private readonly EventBatch _batch = batch;
    private Utf8JsonReader _reader = new(json);
    private ulong _seen;
    private int _memberAt;

    /// <summary>Gets the first fault found, or none.</summary>
    public Defect Defect { get; private set; }

    /// <summary>Gets where the current token starts in the record.</summary>
    public readonly int Position => (int)_reader.TokenStartIndex;

    /// <summary>Gets how far the record has been read, the place of a fault in the JSON itself.</summary>
    public readonly int Consumed => (int)_reader.BytesConsumed;

    public readonly int Depth => _reader.CurrentDepth;

    public readonly JsonTokenType Token => _reader.TokenType;

    public bool Read() => _reader.Read();

    public void Skip() => _reader.Skip();

    /// <summary>Forgets the fault: the next element of a list starts clean.</summary>
    public void ForgetDefect() => Defect = default;

    public void Fail(DefectReason reason, int position, string detail) => Fail(new Defect(reason, position, detail));

    /// <param name="defect">The fault, or none.</param>
    public void Fail(Defect defect)
    {
        if (Defect.IsNone) Defect = defect;
    }

    /// <summary>The fault if there is one, else so many events.</summary>
    public readonly ParseResult Result(int added) => Defect.IsNone ? ParseResult.Of(added) : new ParseResult(0, Defect);

    /// <summary>Goes to the next member of the object that was entered, and to its value.</summary>
    /// <param name="name">The member's name, unescaped; good until the next read.</param>
    /// <returns>False at the object's end.</returns>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public bool NextMember(out ReadOnlySpan<byte> name)
    {
        name = default;
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName) return false;
        name = _reader.ValueSpan;
        _memberAt = Position;
        if (_reader.ValueIsEscaped)
        {
            var room = _batch.Reserve(name.Length);
            name = room[.._reader.CopyString(room)];
        }

        _reader.Read();
        return true;
    }

    /// <summary>Notes that the field was read; a fault the second time. Every read below does it.</summary>
    public void Once(JsonField field)
    {
        if ((_seen & field.Bit) != 0) Fail(DefectReason.DuplicateKey, _memberAt, field.Twice);
        _seen |= field.Bit;
    }

    /// <summary>Whether the value is an object, to walk with <see cref="NextMember"/>. Null counts as absent, anything else is a fault.</summary>
    public bool EnterObject(JsonField field) => Enter(JsonTokenType.StartObject, field, field.NotObject);

    /// <summary>Whether the value is a list, to walk with <see cref="NextElement"/>.</summary>
    public bool EnterList(JsonField field) => Enter(JsonTokenType.StartArray, field, field.NotList);

    /// <summary>Goes to the next element of the list that was entered; false at its end.</summary>
    public bool NextElement() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Copies a text; null and "" are "not given".</summary>
    public Slice Text(JsonField field)
    {
        Once(field);
        return Entry(field);
    }

    /// <summary>Copies a text, cut to the field's length.</summary>
    public Slice TextCut(JsonField field)
    {
        Once(field);
        if (_reader.TokenType == JsonTokenType.String) return Copy(field, cut: true);
        return Absent(field.NotText);
    }

    /// <summary>Copies a text, or a whole number as its digits: 42 and "42" are the same id.</summary>
    public Slice TextOrInteger(JsonField field)
    {
        Once(field);
        if (_reader.TokenType == JsonTokenType.String) return Copy(field, cut: false);
        if (_reader.TokenType != JsonTokenType.Number) return Absent(field.NotTextOrInteger);
        if (_reader.ValueSpan.ContainsAnyExcept(IntegerDigits)) return Absent(field.NotTextOrInteger);
        if (_reader.ValueSpan.Length <= field.Length) return _batch.Append(_reader.ValueSpan);
        Fail(DefectReason.FieldTooLong, Position, field.TooLong);
        return default;
    }

    /// <summary>Copies a list of texts, without nulls and empty ones.</summary>
    public SliceRange Texts(JsonField field)
    {
        if (!EnterList(field)) return default;
        var start = _batch.ListCount;
        while (NextElement())
        {
            var text = Entry(field);
            if (text.IsEmpty) continue;
            if (_batch.ListCount - start < ListLimit) _batch.AppendToList(text);
            else Fail(DefectReason.FieldTooLong, Position, field.TooMany);
        }

        return new SliceRange(start, _batch.ListCount - start);
    }

    public bool? Boolean(JsonField field)
    {
        Once(field);
        if (_reader.TokenType is JsonTokenType.True or JsonTokenType.False) return _reader.TokenType == JsonTokenType.True;
        Absent(field.NotBoolean);
        return null;
    }

    /// <summary>Reads a number; null where there is none or it is out of the range given.</summary>
    public double? Number(JsonField field, double least, double most)
    {
        Once(field);
        if (_reader.TokenType != JsonTokenType.Number)
        {
            Absent(field.NotNumber);
            return null;
        }

        if (_reader.TryGetDouble(out var value) && value >= least && value <= most) return value;
        Fail(DefectReason.BadNumber, Position, field.OutOfRange);
        return null;
    }

    /// <summary>Reads a time as ISO 8601; the default value where there is none.</summary>
    public EventTime Time(JsonField field)
    {
        Span<byte> room = stackalloc byte[64];
        Once(field);
        if (_reader.TokenType != JsonTokenType.String)
        {
            Absent(field.NotText);
            return default;
        }

        var text = _reader.ValueSpan;
        if (text.Length <= room.Length && TimeText.TryParseIso(_reader.ValueIsEscaped ? room[.._reader.CopyString(room)] : text, out var time)) return time;
        Fail(DefectReason.BadTime, Position, field.BadTime);
        return default;
    }

    /// <summary>Reads an address; unknown where there is none.</summary>
    public IpAddress Address(JsonField field)
    {
        Once(field);
        if (_reader.TokenType != JsonTokenType.String)
        {
            Absent(field.NotText);
            return default;
        }

        var room = _batch.Reserve(_reader.ValueSpan.Length);
        if (AddressText.TryParse(room[.._reader.CopyString(room)], out var address, out var problem)) return address;
        Fail(DefectReason.BadAddress, Position, problem);
        return default;
    }

    /// <summary>Reads a country's two letters; unknown where there are none, as "" and "-" say.</summary>
    /// <param name="isRefused">There is a text, and it is neither two letters nor one of those.</param>
    public CountryCode Country(JsonField field, out bool isRefused)
    {
        Span<byte> room = stackalloc byte[16];
        Once(field);
        isRefused = false;
        if (_reader.TokenType != JsonTokenType.String)
        {
            Absent(field.NotText);
            return default;
        }

        var text = _reader.ValueSpan.Length <= room.Length ? room[.._reader.CopyString(room)] : room;
        var country = text.Length == 2 ? CountryCode.Parse(text) : default;
        isRefused = !country.IsKnown && !text.IsEmpty && !text.SequenceEqual("-"u8);
        return country;
    }

    /// <summary>Copies a text that may be one of several.</summary>
    private Slice Entry(JsonField field)
    {
        if (_reader.TokenType == JsonTokenType.String) return Copy(field, cut: false);
        return Absent(field.NotText);
    }

    private bool Enter(JsonTokenType start, JsonField field, string otherwise)
    {
        Once(field);
        if (_reader.TokenType == start) return true;
        Absent(otherwise);
        return false;
    }

    /// <summary>Passes over a value that is not of the type wanted: null is "not given", all else a fault.</summary>
    private Slice Absent(string otherwise)
    {
        if (_reader.TokenType != JsonTokenType.Null) Fail(DefectReason.WrongType, Position, otherwise);
        _reader.Skip();
        return default;
    }

    private Slice Copy(JsonField field, bool cut)
    {
        var room = _batch.Reserve(_reader.ValueSpan.Length);
        var length = _reader.CopyString(room);
        if (_reader.ValueIsEscaped && room[..length].Contains((byte)0)) Fail(DefectReason.NulByte, Position, field.HoldsNul);
        if (length <= field.Length) return _batch.Commit(length);
        if (cut) return _batch.Commit(RecordText.Cut(room[..length], field.Length).Length);
        Fail(DefectReason.FieldTooLong, Position, field.TooLong);
        return default;
    }
}
