using System.Runtime.InteropServices;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Changed rows that are in the journal and not in their tables yet; once complete, they are put into the order of the tables.</summary>
/// <remarks>
/// Made to be reused: filling, sorting and clearing allocate nothing once the memory is there. Used by one thread at a time; whoever sorts on another
/// one leaves it alone until that is done.
/// </remarks>
internal sealed class PendingRows
{
    private const int ChunkLength = 4 << 20;

    private static readonly Comparison<Place> Order = Compare;

    private readonly List<byte[]> _chunks = [];
    private readonly List<int> _used = [];
    private Place[] _places = [];

    /// <summary>Gets the bytes held.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the newest commit held.</summary>
    public long Commit { get; private set; }

    /// <summary>Gets how many different rows there are, once sorted.</summary>
    public int Count { get; private set; }

    /// <summary>The newest state of a row, in order of the tables, once sorted.</summary>
    public StateRow this[int index]
    {
        get
        {
            ref readonly var place = ref _places[index];
            return new StateRow(place.Kind, new UInt128(place.High, place.Low), _chunks[place.Chunk].AsSpan(place.Offset, place.Length));
        }
    }

    /// <summary>Copies the rows of one unit of work, as <see cref="StateRow"/> writes them.</summary>
    public void Add(ReadOnlySpan<byte> rows, long commit)
    {
        var at = Length == 0 ? -1 : _used.FindLastIndex(used => used > 0);
        if (at < 0 || _chunks[at].Length - _used[at] < rows.Length) at = ChunkAfter(at, rows.Length);
        rows.CopyTo(_chunks[at].AsSpan(_used[at]));
        _used[at] += rows.Length;
        Length += rows.Length;
        Commit = commit;
    }

    /// <summary>Puts the rows into the order of the tables and keeps the newest of each.</summary>
    /// <exception cref="FormatException">The bytes are no such rows.</exception>
    public void Sort()
    {
        Count = 0;
        try
        {
            for (var chunk = 0; chunk < _chunks.Count; chunk++) Locate(chunk);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("The journal of rows is damaged: a row ends too early.", exception);
        }

        var places = _places.AsSpan(0, Count);
        places.Sort(Order);
        var kept = 0;
        for (var i = 0; i < places.Length; i++)
        {
            if (i + 1 < places.Length && places[i].IsSameRow(places[i + 1])) continue;
            places[kept++] = places[i];
        }

        Count = kept;
    }

    /// <summary>Forgets the rows and keeps the memory, up to that many bytes of it.</summary>
    public void Clear(long keep)
    {
        while (_chunks.Sum(chunk => (long)chunk.Length) > keep + ChunkLength)
        {
            _chunks.RemoveAt(_chunks.Count - 1);
            _used.RemoveAt(_used.Count - 1);
        }

        CollectionsMarshal.AsSpan(_used).Clear();
        (Length, Count) = (0, 0);
    }

    private int ChunkAfter(int chunk, int length)
    {
        while (++chunk < _chunks.Count)
        {
            if (_chunks[chunk].Length >= length) return chunk;
        }

        _chunks.Add(new byte[Math.Max(ChunkLength, length)]);
        _used.Add(0);
        return chunk;
    }

    /// <summary>As the tables lie on the disk: numbers are signed there, reputation is ordered by the high half of its key, the others by the low one.</summary>
    private static int Compare(Place x, Place y)
    {
        if (x.Kind != y.Kind) return x.Kind < y.Kind ? -1 : 1;
        var (high, low) = (((long)x.High).CompareTo((long)y.High), ((long)x.Low).CompareTo((long)y.Low));
        var order = x.Kind == StateRowKind.Reputation && high != 0 ? high : low != 0 ? low : high;
        if (order != 0) return order;
        return x.Chunk != y.Chunk ? x.Chunk.CompareTo(y.Chunk) : x.Offset.CompareTo(y.Offset);
    }

    private void Locate(int chunk)
    {
        var bytes = _chunks[chunk].AsSpan(0, _used[chunk]);
        var from = new ByteReader(bytes);
        while (!from.IsAtEnd)
        {
            var row = StateRow.Read(ref from);
            if (Count == _places.Length) Array.Resize(ref _places, Math.Max(1024, Count * 2));
            _places[Count++] = new Place
            {
                High = (ulong)(row.Key >> 64), Low = (ulong)row.Key, Kind = row.Kind, Chunk = (ushort)chunk, Offset = bytes.Length - from.Length - row.Body.Length, Length = row.Body.Length,
            };
        }
    }

    private struct Place
    {
        public ulong High;
        public ulong Low;
        public int Offset;
        public int Length;
        public ushort Chunk;
        public StateRowKind Kind;

        public readonly bool IsSameRow(in Place other) => Low == other.Low && High == other.High && Kind == other.Kind;
    }
}
