using System.Text;

namespace RiskEngine.Core.Facts;

/// <summary>What a MaxMind database says of itself (specification 2.0, "Database Metadata").</summary>
/// <param name="NodeCount">Nodes of the search tree.</param>
/// <param name="RecordSize">Bits of one of the two records of a node: 24, 28 or 32.</param>
/// <param name="IpVersion">4 or 6; a tree of version 6 may hold IPv4 under ::/96.</param>
/// <param name="DatabaseType">For people.</param>
/// <param name="BuiltAt">When it was made.</param>
public sealed record MmdbMetadata(int NodeCount, int RecordSize, int IpVersion, string DatabaseType, DateTimeOffset BuiltAt)
{
    /// <summary>Gets the bytes the tree takes.</summary>
    public long TreeSize => (long)NodeCount * RecordSize / 4;

    /// <summary>Reads the metadata section; pointers in it are relative to it.</summary>
    internal static MmdbFault TryRead(ReadOnlySpan<byte> section, out MmdbMetadata? metadata)
    {
        metadata = null;
        var decoder = new MmdbDecoder(section);
        if (!decoder.TryRead(0, out var map)) return decoder.Fault;
        if (map.Type != MmdbType.Map) return MmdbFault.BadMetadata;

        ulong nodes = ulong.MaxValue, bits = 0, ip = 0, major = 0, epoch = 0;
        var type = "";
        var offset = map.Payload;
        for (var i = 0; i < map.Size; i++)
        {
            if (!decoder.TryReadEntry(ref offset, out var key, out var value)) return decoder.Fault;
            var understood = true;
            if (key.SequenceEqual("node_count"u8)) understood = decoder.TryGetUnsigned(value, out nodes);
            else if (key.SequenceEqual("record_size"u8)) understood = decoder.TryGetUnsigned(value, out bits);
            else if (key.SequenceEqual("ip_version"u8)) understood = decoder.TryGetUnsigned(value, out ip);
            else if (key.SequenceEqual("binary_format_major_version"u8)) understood = decoder.TryGetUnsigned(value, out major);
            else if (key.SequenceEqual("build_epoch"u8)) understood = decoder.TryGetUnsigned(value, out epoch);
            else if (key.SequenceEqual("database_type"u8)) type = Encoding.UTF8.GetString(decoder.Bytes(value));
            if (!understood) return MmdbFault.BadMetadata;
            if (!decoder.TrySkip(value, out offset)) return decoder.Fault;
        }

        if (major != 2) return MmdbFault.UnsupportedVersion;
        if (bits is not (24 or 28 or 32)) return MmdbFault.UnsupportedRecordSize;
        if (ip is not (4 or 6)) return MmdbFault.UnsupportedIpVersion;
        if (nodes > int.MaxValue) return MmdbFault.BadMetadata;
        var built = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(epoch, 253_402_300_799));
        metadata = new MmdbMetadata((int)nodes, (int)bits, (int)ip, type, built);
        return MmdbFault.None;
    }
}
