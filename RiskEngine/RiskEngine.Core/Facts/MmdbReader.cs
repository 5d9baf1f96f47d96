using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>A MaxMind database over memory (MaxMind DB File Format Specification 2.0). A look-up allocates nothing and throws nothing.</summary>
/// <remarks>
/// A file is a binary search tree, 16 zero bytes, the data section and the metadata. Each node has two records, for a next bit of 0 and of 1:
/// a number below the node count is another node, the node count itself is "nothing known", anything above leads into the data.
/// The tree is walked at most as many steps as the address has bits, so not even a tree that leads back into itself can hold a look-up up.
/// Immutable and thread-safe.
/// </remarks>
public sealed class MmdbReader
{
    private const int SeparatorLength = 16;
    private const int MetadataReach = 128 * 1024;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _dataStart;
    private readonly int _dataLength;
    private readonly uint _nodeCount;
    private readonly int _recordSize;
    private readonly uint _ipv4Root;
    private readonly int _ipv4RootDepth;

    private MmdbReader(ReadOnlyMemory<byte> file, MmdbMetadata metadata, int metadataStart)
    {
        _file = file;
        Metadata = metadata;
        _nodeCount = (uint)metadata.NodeCount;
        _recordSize = metadata.RecordSize;
        _dataStart = (int)metadata.TreeSize + SeparatorLength;
        _dataLength = metadataStart - _dataStart;
        if (metadata.IpVersion == 4) return;

        // IPv4 lives at ::/96. A tree without IPv4 ends earlier; what it ends at then holds for every IPv4 address.
        while (_ipv4RootDepth < 96 && _ipv4Root < _nodeCount)
        {
            _ipv4Root = Child(file.Span, _ipv4Root, 0);
            _ipv4RootDepth++;
        }
    }

    /// <summary>Three bytes that no UTF-8 holds, then "MaxMind.com".</summary>
    private static ReadOnlySpan<byte> MetadataMarker => [0xAB, 0xCD, 0xEF, 0x4D, 0x61, 0x78, 0x4D, 0x69, 0x6E, 0x64, 0x2E, 0x63, 0x6F, 0x6D];

    /// <summary>Gets what the database says of itself.</summary>
    public MmdbMetadata Metadata { get; }

    /// <summary>Gets the section that record offsets and pointers are relative to.</summary>
    public ReadOnlySpan<byte> Data => _file.Span.Slice(_dataStart, _dataLength);

    /// <summary>Opens a database: reads the metadata and compares the sizes they claim with the file's. Records are checked by <see cref="MmdbCheck"/>.</summary>
    /// <param name="file">The whole file; kept, not copied, and never to be written to again.</param>
    public static MmdbFault TryOpen(ReadOnlyMemory<byte> file, out MmdbReader? reader)
    {
        reader = null;
        var span = file.Span;
        var reach = Math.Max(0, span.Length - MetadataReach);
        var marker = span[reach..].LastIndexOf(MetadataMarker);
        if (marker < 0) return MmdbFault.NoMetadata;
        marker += reach;
        var fault = MmdbMetadata.TryRead(span[(marker + MetadataMarker.Length)..], out var metadata);
        if (metadata is null) return fault;
        if (metadata.TreeSize + SeparatorLength > marker) return MmdbFault.TreeBeyondFile;
        if (span.Slice((int)metadata.TreeSize, SeparatorLength).ContainsAnyExcept((byte)0)) return MmdbFault.NoSeparator;
        reader = new MmdbReader(file, metadata, marker);
        return MmdbFault.None;
    }

    /// <summary>Finds the record of an address.</summary>
    /// <param name="address">IPv4 in a database of IPv6 is looked up under ::/96; IPv6 in one of IPv4 is not known.</param>
    /// <param name="record">Its offset in <see cref="Data"/>, −1 when nothing is known.</param>
    /// <param name="prefixLength">Bits that all addresses with this answer share, of 32 for IPv4 and of 128 for IPv6; 0 for IPv4 where the tree ends above ::/96.</param>
    public MmdbFault Find(in IpAddress address, out int record, out int prefixLength)
    {
        record = -1;
        prefixLength = 0;
        var file = _file.Span;
        var bits = 32;
        var high = (ulong)address.IPv4 << 32;
        ulong low = 0;
        var node = _ipv4Root;
        if (!address.IsIPv4)
        {
            if (Metadata.IpVersion == 4) return MmdbFault.None;
            (bits, high, low, node) = (128, address.High, address.Low, 0);
        }

        var depth = 0;
        for (; depth < bits && node < _nodeCount; depth++)
        {
            node = Child(file, node, (uint)(high >> 63));
            high = (high << 1) | (low >> 63);
            low <<= 1;
        }

        prefixLength = depth;
        if (node == _nodeCount) return MmdbFault.None;
        return node < _nodeCount ? MmdbFault.TreeTooDeep : TryResolve(node, out record);
    }

    /// <summary>Every network of the database once, aliases of IPv4 (such as 2002::/16) left out.</summary>
    /// <remarks>Depth first; a node met before is not entered again, so a tree that leads back into itself ends too.</remarks>
    public IEnumerable<MmdbNetwork> Networks()
    {
        var visited = new System.Collections.BitArray(Metadata.NodeCount);
        var bits = Metadata.IpVersion == 4 ? 32 : 128;
        var stack = new Stack<(uint Node, UInt128 Prefix, int Depth)>();
        stack.Push((0, 0, 0));
        while (stack.TryPop(out var at))
        {
            if (at.Node < _nodeCount)
            {
                if (at.Depth == bits || visited[(int)at.Node]) continue;
                visited[(int)at.Node] = true;
                stack.Push((Child(_file.Span, at.Node, 1), at.Prefix | (UInt128.One << (bits - 1 - at.Depth)), at.Depth + 1));
                stack.Push((Child(_file.Span, at.Node, 0), at.Prefix, at.Depth + 1));
            }
            else if (at.Node > _nodeCount && TryResolve(at.Node, out var record) == MmdbFault.None)
            {
                yield return Network(at.Prefix, at.Depth, record, bits);
            }
        }
    }

    /// <summary>The record of a node that follows a bit of 0 or 1.</summary>
    internal uint Record(uint node, uint bit) => Child(_file.Span, node, bit);

    /// <summary>The offset in <see cref="Data"/> that a record above the node count leads to.</summary>
    internal MmdbFault TryResolve(uint value, out int record)
    {
        var offset = (long)value - _nodeCount - SeparatorLength;
        record = offset >= 0 && offset < _dataLength ? (int)offset : -1;
        return record < 0 ? MmdbFault.RecordBeyondData : MmdbFault.None;
    }

    private static MmdbNetwork Network(UInt128 prefix, int depth, int record, int bits)
    {
        // Within a tree of version 6, ::/96 stands for IPv4.
        if (bits == 32) return new MmdbNetwork(IpAddress.FromIPv4((uint)prefix), depth, record);
        return depth >= 96 && prefix >> 32 == 0
            ? new MmdbNetwork(IpAddress.FromIPv4((uint)prefix), depth - 96, record)
            : new MmdbNetwork(new IpAddress((ulong)(prefix >> 64), (ulong)prefix), depth, record);
    }

    /// <summary>28-bit nodes keep the top nibbles of both records in their middle byte.</summary>
    /// <param name="node">Below the node count, so within the tree, which the file was found to hold.</param>
    private uint Child(ReadOnlySpan<byte> file, uint node, uint bit)
    {
        switch (_recordSize)
        {
            case 24:
                var three = file.Slice((int)((node * 6) + (bit * 3)), 3);
                return ((uint)three[0] << 16) | ((uint)three[1] << 8) | three[2];
            case 28:
                var seven = file.Slice((int)(node * 7), 7);
                return bit == 0
                    ? ((uint)(seven[3] & 0xF0) << 20) | ((uint)seven[0] << 16) | ((uint)seven[1] << 8) | seven[2]
                    : ((uint)(seven[3] & 0x0F) << 24) | ((uint)seven[4] << 16) | ((uint)seven[5] << 8) | seven[6];
            default:
                return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(file[(int)((node * 8) + (bit * 4))..]);
        }
    }
}

/// <summary>A network and the record that holds for it.</summary>
/// <param name="Address">Its first address.</param>
/// <param name="PrefixLength">Of 32 for IPv4, of 128 for IPv6.</param>
/// <param name="Record">Offset in <see cref="MmdbReader.Data"/>.</param>
public readonly record struct MmdbNetwork(IpAddress Address, int PrefixLength, int Record);
