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

    /// <summary>Numbers of places, in the order of the rows.</summary>
    private int[] _order = [];
    private UInt128[] _keys = [];
    private int _added;
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
            ref readonly var place = ref _places[_order[index]];
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
        if (_added == _places.Length) Grow();
        row.Body.CopyTo(_chunks[_chunk].AsSpan(_used));
        _order[Count++] = _added;
        _places[_added++] = new Place
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
    /// <remarks>
    /// First by kind, by counting, then each kind by its keys (<see cref="RowPosition"/>), beside which only numbers of places are moved, which is less to
    /// compare and to move than whole places.
    /// </remarks>
    public void Sort()
    {
        Span<int> ends = stackalloc int[byte.MaxValue + 1];
        ends.Clear();
        var places = _places.AsSpan(0, _added);
        foreach (ref readonly var place in places) ends[(int)place.Kind]++;
        for (var kind = 1; kind < ends.Length; kind++) ends[kind] += ends[kind - 1];
        for (var i = places.Length - 1; i >= 0; i--)
        {
            var at = --ends[(int)places[i].Kind];
            (_keys[at], _order[at]) = (places[i].Key, i);
        }

        // What was the end of each kind is its start by now.
        (Count, Length) = (0, 0);
        for (var kind = 0; kind < ends.Length; kind++)
        {
            var end = kind + 1 < ends.Length ? ends[kind + 1] : places.Length;
            if (ends[kind] == end) continue;
            _keys.AsSpan(ends[kind]..end).Sort(_order.AsSpan(ends[kind]..end));
            KeepNewest(ends[kind], end);
        }
    }

    /// <summary>Brings rows near that are about to be read one after the other: sorted, they lie all over the memory, and waiting for many at a time takes no longer than for one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Approach(int from, int end)
    {
        var sum = 0;
        foreach (var number in _order.AsSpan(from, end - from))
        {
            ref readonly var place = ref _places[number];
            if (place.Length > 0) sum += _chunks[place.Chunk][place.Offset];
        }

        return sum;
    }

    /// <summary>Makes the rows that somebody names rows of no table, and overwrites them.</summary>
    /// <param name="isGone">Says which.</param>
    public void Remove(Func<StateRowKind, UInt128, bool> isGone)
    {
        foreach (ref var place in _places.AsSpan(0, _added))
        {
            if (!isGone(place.Kind, new UInt128(place.High, place.Low))) continue;
            _chunks[place.Chunk].AsSpan(place.Offset, place.Length).Clear();
            place.Kind = StateRowKind.None;
        }
    }

    /// <summary>Forgets the rows and keeps the memory.</summary>
    public void Clear() => (Length, Count, _added, _chunk, _used) = (0, 0, 0, 0, 0);

    /// <summary>Of equal keys, which lie side by side, the place that was added last is the newest state.</summary>
    private void KeepNewest(int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (i + 1 < end && _keys[i] == _keys[i + 1])
            {
                _order[i + 1] = Math.Max(_order[i], _order[i + 1]);
                continue;
            }

            _order[Count++] = _order[i];
            Length += _places[_order[i]].Length;
        }
    }

    private void Grow()
    {
        var length = Math.Max(1024, _added * 2);
        Array.Resize(ref _places, length);
        Array.Resize(ref _order, length);
        Array.Resize(ref _keys, length);
    }

    private struct Place
    {
        private const ulong Sign = 1UL << 63;

        public ulong High;
        public ulong Low;
        public int Offset;
        public int Length;
        public ushort Chunk;
        public StateRowKind Kind;

        /// <summary>Gets what orders the rows of a kind as their table does, whose numbers are signed.</summary>
        public readonly UInt128 Key => Kind == StateRowKind.Reputation ? new UInt128(High ^ Sign, Low ^ Sign) : new UInt128(Low ^ Sign, High ^ Sign);
    }
}
