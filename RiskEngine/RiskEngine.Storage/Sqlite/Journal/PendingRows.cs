using System.Runtime.CompilerServices;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Changed rows that are in the journal and not in their tables yet; once complete, they are put into the order of the tables.</summary>
/// <remarks>
/// Made to be reused: filling, sorting and clearing allocate nothing once the memory is there. Used by one thread at a time; whoever sorts on another
/// one leaves it alone until that is done.
/// </remarks>
internal sealed class PendingRows
{
    private const int ChunkLength = 1 << 20;

    private readonly List<byte[]> _chunks = [];
    private Place[] _places = [];
    private int _chunk;
    private int _used;

    /// <summary>Gets the bytes of the rows; once sorted, of the different ones.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the newest commit held.</summary>
    public long Commit { get; private set; }

    /// <summary>Gets how many rows there are; once sorted, how many different ones.</summary>
    public int Count { get; private set; }

    /// <summary>A row; once sorted, the newest state of each, in the order of the tables.</summary>
    public StateRow this[int index]
    {
        get
        {
            ref readonly var place = ref _places[index];
            return new StateRow(place.Kind, new UInt128(place.High, place.Low), _chunks[place.Chunk].AsSpan(place.Offset, place.Length));
        }
    }

    /// <summary>Copies the rows of one unit of work, as <see cref="StateRow"/> writes them.</summary>
    /// <exception cref="FormatException">The bytes are no such rows.</exception>
    public void Add(ReadOnlySpan<byte> rows, long commit)
    {
        var from = new ByteReader(rows);
        try
        {
            while (!from.IsAtEnd) Add(StateRow.Read(ref from));
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("The journal of rows is damaged: a row ends too early.", exception);
        }

        Commit = commit;
    }

    /// <summary>Copies one row. Whoever adds rows in the order of the tables, each once, need not sort them.</summary>
    /// <exception cref="FormatException">It is longer than any row can be.</exception>
    public void Add(StateRow row)
    {
        if (row.Body.Length > ChunkLength) throw new FormatException("The journal of rows is damaged: a row is longer than any can be.");
        if (_used + row.Body.Length > ChunkLength) (_chunk, _used) = (_chunk + 1, 0);
        if (_chunk == _chunks.Count) _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkLength));
        if (Count == _places.Length) Array.Resize(ref _places, Math.Max(1024, Count * 2));
        row.Body.CopyTo(_chunks[_chunk].AsSpan(_used));
        _places[Count++] = new Place
        {
            High = (ulong)(row.Key >> 64), Low = (ulong)row.Key, Kind = row.Kind, Chunk = (ushort)_chunk, Offset = _used, Length = row.Body.Length,
        };
        _used += row.Body.Length;
        Length += row.Body.Length;
    }

    /// <summary>Copies the rows of another, which are newer and not sorted yet.</summary>
    public void Add(PendingRows newer)
    {
        for (var i = 0; i < newer.Count; i++) Add(newer[i]);
        Commit = Math.Max(Commit, newer.Commit);
    }

    /// <summary>Puts the rows into the order of the tables and keeps the newest of each.</summary>
    public void Sort()
    {
        var places = _places.AsSpan(0, Count);
        places.Sort();
        (Count, Length) = (0, 0);
        for (var i = 0; i < places.Length; i++)
        {
            if (i + 1 < places.Length && places[i].IsSameRow(places[i + 1])) continue;
            places[Count++] = places[i];
            Length += places[i].Length;
        }
    }

    /// <summary>Brings rows near that are about to be read one after the other: sorted, they lie all over the memory, and waiting for many at a time takes no longer than for one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Approach(int from, int end)
    {
        var sum = 0;
        foreach (ref readonly var place in _places.AsSpan(from, end - from))
        {
            if (place.Length > 0) sum += _chunks[place.Chunk][place.Offset];
        }

        return sum;
    }

    /// <summary>Makes the rows that somebody names rows of no table, and overwrites them.</summary>
    /// <param name="isGone">Says which.</param>
    public void Remove(Func<StateRowKind, UInt128, bool> isGone)
    {
        foreach (ref var place in _places.AsSpan(0, Count))
        {
            if (!isGone(place.Kind, new UInt128(place.High, place.Low))) continue;
            _chunks[place.Chunk].AsSpan(place.Offset, place.Length).Clear();
            place.Kind = StateRowKind.None;
        }
    }

    /// <summary>Forgets the rows and keeps the memory.</summary>
    public void Clear() => (Length, Count, _chunk, _used) = (0, 0, 0, 0);

    private struct Place : IComparable<Place>
    {
        public ulong High;
        public ulong Low;
        public int Offset;
        public int Length;
        public ushort Chunk;
        public StateRowKind Kind;

        /// <summary>The order of the tables (<see cref="RowPosition"/>), and of the same row the newer state behind the older.</summary>
        /// <remarks>Its own order and not a comparison handed over: that the sort would call, and not inline.</remarks>
        public readonly int CompareTo(Place other)
        {
            if (Kind != other.Kind) return Kind < other.Kind ? -1 : 1;
            var (first, others) = Kind == StateRowKind.Reputation ? (High, other.High) : (Low, other.Low);
            if (first != others) return (long)first < (long)others ? -1 : 1;
            (first, others) = Kind == StateRowKind.Reputation ? (Low, other.Low) : (High, other.High);
            if (first != others) return (long)first < (long)others ? -1 : 1;
            return Chunk != other.Chunk ? Chunk.CompareTo(other.Chunk) : Offset.CompareTo(other.Offset);
        }

        public readonly bool IsSameRow(in Place other) => Low == other.Low && High == other.High && Kind == other.Kind;
    }
}
