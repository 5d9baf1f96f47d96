namespace RiskEngine.Collectors.Mapped;

/// <summary>What one record has in the places that a mapping asks for: pieces of the record, or of a buffer where they had to be unescaped.</summary>
/// <remarks>Reused from record to record; allocates only while its buffer grows to the largest record.</remarks>
internal sealed class MappedSlots(int count)
{
    private readonly Piece[] _pieces = new Piece[count];
    private byte[] _buffer = new byte[1024];
    private int _used;
    private Piece[] _entries = new Piece[16];
    private int _entryCount;

    private record struct Piece(int At, int Start, int Length, bool IsCopied, int Entries, int EntryCount);

    public void Clear()
    {
        Array.Clear(_pieces);
        (_used, _entryCount) = (0, 0);
    }

    /// <summary>Forgets one place: null, or a member that comes again.</summary>
    public void Clear(int slot) => _pieces[slot] = default;

    /// <param name="at">Where the value stands in the record, for a defect.</param>
    /// <param name="start">Where its text starts in the record.</param>
    public void Put(int slot, int at, int start, int length) => _pieces[slot] = new Piece(at, start, length, false, 0, 0);

    /// <summary>Gives room for a text that cannot be used as it stands; <see cref="PutCopied"/> keeps what was written.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _used < length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + length));
        return _buffer.AsSpan(_used);
    }

    public void PutCopied(int slot, int at, int length) => _pieces[slot] = Copied(at, length);

    /// <summary>Begins a list; its entries follow.</summary>
    public void PutList(int slot, int at) => _pieces[slot] = new Piece(at, 0, 0, false, _entryCount, 0);

    public void AddEntry(int slot, int start, int length) => AddEntry(slot, new Piece(start, start, length, false, 0, 0));

    public void AddCopiedEntry(int slot, int at, int length) => AddEntry(slot, Copied(at, length));

    /// <summary>Gets where the value stands in the record; 0 where it was not there.</summary>
    public int At(int slot) => _pieces[slot].At;

    /// <summary>Gets the text; empty where there was none.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> record, int slot) => Of(record, _pieces[slot]);

    public int EntryCount(int slot) => _pieces[slot].EntryCount;

    public ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> record, int slot, int index) => Of(record, _entries[_pieces[slot].Entries + index]);

    /// <summary>Joins the texts of several places by spaces; absent ones are left out.</summary>
    public ReadOnlySpan<byte> Join(ReadOnlySpan<byte> record, ReadOnlySpan<int> slots)
    {
        var start = _used;
        foreach (var slot in slots)
        {
            var room = Reserve(_pieces[slot].Length + 1);
            var text = Text(record, slot);
            if (text.IsEmpty) continue;
            var gap = _used > start ? 1 : 0;
            if (gap == 1) room[0] = (byte)' ';
            text.CopyTo(room[gap..]);
            _used += text.Length + gap;
        }

        return _buffer.AsSpan(start, _used - start);
    }

    private ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record, in Piece piece) => piece.IsCopied ? _buffer.AsSpan(piece.Start, piece.Length) : record.Slice(piece.Start, piece.Length);

    private Piece Copied(int at, int length)
    {
        var piece = new Piece(at, _used, length, true, 0, 0);
        _used += length;
        return piece;
    }

    private void AddEntry(int slot, in Piece entry)
    {
        if (_entryCount == _entries.Length) Array.Resize(ref _entries, _entryCount * 2);
        _entries[_entryCount++] = entry;
        _pieces[slot].EntryCount++;
    }
}
