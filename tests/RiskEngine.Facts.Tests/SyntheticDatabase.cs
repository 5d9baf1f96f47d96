using System.Text;

namespace RiskEngine.Facts.Tests;

/// <summary>The smallest database in MaxMind's format: every IPv4 address leads to one record of one text.</summary>
internal static class SyntheticDatabase
{
    public static byte[] Of(string key, string value, byte builtAt = 1)
    {
        var file = new List<byte> { 0, 0, 17, 0, 0, 17 };
        file.AddRange(new byte[16]);
        file.Add(0xE1);
        Text(file, key);
        Text(file, value);
        file.AddRange([0xAB, 0xCD, 0xEF]);
        file.AddRange(Encoding.ASCII.GetBytes("MaxMind.com"));
        file.Add(0xE5);
        foreach (var (name, number) in new (string, byte)[] { ("binary_format_major_version", 2), ("ip_version", 4), ("node_count", 1), ("record_size", 24), ("build_epoch", builtAt) })
        {
            Text(file, name);
            file.AddRange([0xC1, number]);
        }

        return [.. file];
    }

    private static void Text(List<byte> file, string text)
    {
        file.Add((byte)(0x40 | text.Length));
        file.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
