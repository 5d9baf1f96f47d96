using RiskEngine.Core.Models;

namespace RiskEngine.Storage.InMemory;

/// <summary>Room for profiles in a few sizes, so that a subject with two logins does not take the space of one with fifty.</summary>
/// <remarks>
/// Blocks of one size lie in pages of 4,096, of which the first one grows with them (why so big: <see cref="BoundedTable{TRow}"/>); a freed block is used again.
/// Not thread-safe.
/// </remarks>
internal sealed class BlobSlabs
{
    private const int PageBits = 12, PageSize = 1 << PageBits, FirstSize = 1 << 6, CacheLine = 64;

    /// <summary>Logins that a block of each class holds.</summary>
    private static readonly byte[] Sizes = [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 29, 38, SubjectProfile.Capacity];

    private readonly SizeClass[] _classes = [.. Sizes.Select(logins => new SizeClass(SubjectProfile.HeaderLength + (logins * SubjectProfile.EntryLength)))];

    /// <summary>Takes a block that holds at least that many bytes.</summary>
    public BlobAddress Take(int length)
    {
        byte number = 0;
        while (_classes[number].BlockLength < length) number++;
        return new BlobAddress(_classes[number].Take(), number, length);
    }

    /// <summary>Whether the block at that address has room for that many bytes, and is not far too big for them.</summary>
    public bool Fits(BlobAddress address, int length) =>
        _classes[address.Class].BlockLength >= length && (address.Class == 0 || _classes[address.Class - 1].BlockLength < length);

    public void Free(BlobAddress address) => _classes[address.Class].Free.Push(address.Block);

    public Span<byte> Bytes(BlobAddress address) => _classes[address.Class].Block(address.Block)[..address.Length];

    /// <summary>Brings all of a block near that is in use; the number says nothing.</summary>
    public uint Approach(BlobAddress address)
    {
        var sum = 0u;
        var bytes = Bytes(address);
        for (var at = 0; at < bytes.Length; at += CacheLine) sum += bytes[at];
        return sum;
    }

    public void Clear()
    {
        foreach (var sizeClass in _classes) sizeClass.Clear();
    }

    private sealed class SizeClass(int blockLength)
    {
        private byte[][] _pages = [];
        private int _used;

        public int BlockLength { get; } = blockLength;

        public Stack<int> Free { get; } = new();

        public int Take()
        {
            if (Free.TryPop(out var block)) return block;
            Grow();
            return _used++;
        }

        public Span<byte> Block(int block) => _pages[block >> PageBits].AsSpan((block & (PageSize - 1)) * BlockLength, BlockLength);

        public void Clear()
        {
            _pages = [];
            Free.Clear();
            _used = 0;
        }

        private void Grow()
        {
            if (_pages.Length == 0) _pages = [PageOf(FirstSize)];
            else if (_used * BlockLength == _pages[0].Length && _used < PageSize) GrowFirst();
            else if (_used == _pages.Length * PageSize) _pages = [.. _pages, PageOf(PageSize)];
        }

        /// <summary>Leaves nothing of the profiles behind: who is erased later must not be left in memory that nobody clears.</summary>
        private void GrowFirst()
        {
            var first = _pages[0];
            _pages[0] = PageOf(2 * _used);
            first.CopyTo(_pages[0].AsSpan());
            Array.Clear(first);
        }

        private byte[] PageOf(int blocks) => GC.AllocateUninitializedArray<byte>(blocks * BlockLength);
    }
}

/// <summary>Where a profile lies: its block, the class of sizes, and the bytes in use.</summary>
internal readonly record struct BlobAddress(int Block, byte Class, int Length);
