using System.Buffers.Binary;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Records;

/// <summary>Where administrators were seen, as bytes: of each the first address (16), the length of the prefix (1), the time in Unix milliseconds (8).</summary>
internal static class OperatorCodec
{
    private const int EntryLength = 25;

    public static byte[] Write(IReadOnlyList<OperatorAddress> seen)
    {
        var bytes = new byte[seen.Count * EntryLength];
        for (var i = 0; i < seen.Count; i++)
        {
            var entry = bytes.AsSpan(i * EntryLength, EntryLength);
            seen[i].Network.First.WriteBytes(entry);
            entry[16] = seen[i].Network.Length;
            BinaryPrimitives.WriteInt64BigEndian(entry[17..], seen[i].SeenAt.UnixMilliseconds);
        }

        return bytes;
    }

    /// <summary>Bytes of any other form are nobody's.</summary>
    public static IReadOnlyList<OperatorAddress> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntryLength != 0) return [];
        List<OperatorAddress> seen = [];
        for (; !bytes.IsEmpty; bytes = bytes[EntryLength..])
        {
            var network = new AddressPrefix(IpAddress.FromBytes(bytes[..16]), Math.Min(bytes[16], (byte)128));
            seen.Add(new OperatorAddress(network, new EventTime(BinaryPrimitives.ReadInt64BigEndian(bytes[17..]))));
        }

        return seen;
    }
}
