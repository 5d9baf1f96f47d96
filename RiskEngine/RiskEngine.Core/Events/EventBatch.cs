namespace RiskEngine.Core.Events;

/// <summary>The unit of work: events as compact records over one pooled buffer, each with the position it came from.</summary>
/// <remarks>
/// Made to be reused: <see cref="Clear"/> keeps the buffers. A format adds an event, fills it, and takes it back with <see cref="Rewind"/>
/// when the rest of its record turns out faulty. Not thread-safe: one stage owns a batch at a time.
/// </remarks>
public sealed class EventBatch
{
    private byte[] _text;
    private LoginEvent[] _events;
    private SourcePosition[] _positions;
    private Slice[] _slices = new Slice[64];
    private int _textLength;
    private int _sliceCount;

    /// <param name="capacity">Events to make room for; a batch grows beyond it when it must.</param>
    public EventBatch(int capacity = 1024)
    {
        _events = new LoginEvent[capacity];
        _positions = new SourcePosition[capacity];
        _text = new byte[capacity * 128];
    }

    /// <summary>Gets the number of events.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the bytes of text held, a measure of how full the batch is.</summary>
    public int TextLength => _textLength;

    /// <summary>Gets the bytes of text that the batch has room for: one long text makes it large for good, whether it was kept or not.</summary>
    public int TextCapacity => _text.Length;

    /// <summary>Gets the event at that index, to read or to fill. The reference holds until the next <see cref="Add"/>.</summary>
    public ref LoginEvent this[int index] => ref _events.AsSpan(0, Count)[index];

    public ReadOnlySpan<LoginEvent> Events => _events.AsSpan(0, Count);

    public ReadOnlySpan<SourcePosition> Positions => _positions.AsSpan(0, Count);

    /// <summary>Gets the traces that events came with.</summary>
    public EventTraces Traces { get; } = new();

    /// <summary>Adds an event with nothing given yet and returns it for filling.</summary>
    public ref LoginEvent Add(in SourcePosition position)
    {
        if (Count == _events.Length)
        {
            Array.Resize(ref _events, Count * 2);
            Array.Resize(ref _positions, Count * 2);
        }

        _positions[Count] = position;
        ref var added = ref _events[Count++];
        added = LoginEvent.Empty;
        return ref added;
    }

    /// <summary>Copies text into the batch.</summary>
    public Slice Append(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return default;
        utf8.CopyTo(Reserve(utf8.Length));
        return Commit(utf8.Length);
    }

    /// <summary>Gives room for at least that many bytes, for writing text in place; <see cref="Commit"/> makes what was written a slice.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_text.Length - _textLength < length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + length));
        return _text.AsSpan(_textLength);
    }

    /// <summary>Keeps the first <paramref name="length"/> bytes written to the room that <see cref="Reserve"/> gave.</summary>
    public Slice Commit(int length)
    {
        if (length == 0) return default;
        var slice = new Slice(_textLength, length);
        _textLength += length;
        return slice;
    }

    /// <summary>Adds a text to the list that groups and factors are kept in; consecutive ones make a <see cref="SliceRange"/>.</summary>
    /// <returns>Its index in that list.</returns>
    public int AppendToList(Slice slice)
    {
        if (_sliceCount == _slices.Length) Array.Resize(ref _slices, _sliceCount * 2);
        _slices[_sliceCount] = slice;
        return _sliceCount++;
    }

    /// <summary>Gets the number of entries in the list, where the next range starts.</summary>
    public int ListCount => _sliceCount;

    public ReadOnlySpan<Slice> List(SliceRange range) => _slices.AsSpan(range.Start, range.Count);

    public ReadOnlySpan<byte> Text(Slice slice) => _text.AsSpan(slice.Offset, slice.Length);

    /// <summary>Overwrites a text with zeros, for what was read but must not be kept: a session id, a name that may be a password.</summary>
    public void Erase(Slice slice) => _text.AsSpan(slice.Offset, slice.Length).Clear();

    /// <summary>The text as a string: for people and rare paths, never per event.</summary>
    public string String(Slice slice) => System.Text.Encoding.UTF8.GetString(Text(slice));

    /// <summary>Tells where the batch ends now, for <see cref="Rewind"/>.</summary>
    public Mark Here => new(Count, _textLength, _sliceCount);

    /// <summary>Takes back everything added since the mark.</summary>
    public void Rewind(Mark mark)
    {
        (Count, _textLength, _sliceCount) = (mark.Count, mark.Text, mark.Slices);
        Traces.Cut(Count);
    }

    /// <summary>Notes the trace that the events from one on to the last came with; the default for none.</summary>
    public void NoteTrace(int start, in System.Diagnostics.ActivityContext trace) => Traces.Note(start, Count, trace);

    public void Clear() => Rewind(default);

    /// <summary>Adds all events of another batch, texts included.</summary>
    public void AppendAll(EventBatch other) => AppendRange(other, 0, other.Count);

    /// <summary>Adds some events of another batch, with all of its texts.</summary>
    public void AppendRange(EventBatch other, int start, int count)
    {
        var text = _textLength;
        other._text.AsSpan(0, other._textLength).CopyTo(Reserve(other._textLength));
        _textLength += other._textLength;
        var list = _sliceCount;
        Traces.AppendRange(other.Traces, start, count, Count - start);
        foreach (var slice in other._slices.AsSpan(0, other._sliceCount)) AppendToList(Moved(slice, text));
        for (var i = start; i < start + count; i++)
        {
            ref var added = ref Add(other._positions[i]);
            added = other._events[i];
            added.Id = Moved(added.Id, text);
            added.KindText = Moved(added.KindText, text);
            added.Tenant = Moved(added.Tenant, text);
            added.SubjectId = Moved(added.SubjectId, text);
            added.SubjectName = Moved(added.SubjectName, text);
            added.Groups = new SliceRange(added.Groups.Start + list, added.Groups.Count);
            added.UserAgent = Moved(added.UserAgent, text);
            added.DeviceId = Moved(added.DeviceId, text);
            added.RequestId = Moved(added.RequestId, text);
            added.Application = Moved(added.Application, text);
            added.AuthMethod = Moved(added.AuthMethod, text);
            added.Mfa = new SliceRange(added.Mfa.Start + list, added.Mfa.Count);
            added.Reason = Moved(added.Reason, text);
            added.City = Moved(added.City, text);
            added.AsnOrganisation = Moved(added.AsnOrganisation, text);
        }
    }

    private static Slice Moved(Slice slice, int by) => slice.IsEmpty ? default : new Slice(slice.Offset + by, slice.Length);

    /// <summary>An end of a batch to come back to.</summary>
    public readonly record struct Mark(int Count, int Text, int Slices);
}
