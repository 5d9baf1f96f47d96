using System.Text;

namespace RiskEngine.Core.Tests.Facts;

/// <summary>The smallest databases: one node whose two records lead to the same place.</summary>
internal static class Synthetic
{
    /// <param name="data">The data section.</param>
    /// <param name="record">Offset in it that every address leads to.</param>
    /// <param name="loop">Whether both records lead back to the node instead.</param>
    public static byte[] Database(byte[] data, int record = 0, bool loop = false, byte version = 2, byte bits = 24, byte ip = 4)
    {
        var value = loop ? 0 : 1 + 16 + record;
        var file = new List<byte> { (byte)(value >> 16), (byte)(value >> 8), (byte)value, (byte)(value >> 16), (byte)(value >> 8), (byte)value };
        file.AddRange(new byte[16]);
        file.AddRange(data);
        file.AddRange([0xAB, 0xCD, 0xEF]);
        file.AddRange(Encoding.ASCII.GetBytes("MaxMind.com"));
        file.Add(0xE5);
        Number(file, "binary_format_major_version", version);
        Number(file, "ip_version", ip);
        Number(file, "node_count", 1);
        Number(file, "record_size", bits);
        Number(file, "build_epoch", 1);
        return [.. file];
    }

    /// <summary>A map of one text.</summary>
    public static byte[] Map(string key, string value) => [0xE1, .. Text(key), .. Text(value)];

    private static byte[] Text(string text) => [(byte)(0x40 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static void Number(List<byte> file, string key, byte value)
    {
        file.AddRange(Text(key));
        file.AddRange([0xC1, value]);
    }
}
