namespace RiskEngine.Collectors.File;

/// <summary>Decides from the first bytes of a stream how it is cut into records, and whether it is text at all.</summary>
internal static class Framing
{
    private const int BinaryPrefix = 8192;
    private const int BinaryNulls = 8;
    private const int PagePrefix = 256;

    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Lines, unless the text is an array, or an object that goes on in the next line, or a page of authentik's API.</summary>
    public static IRecordFramer Choose(ReadOnlySpan<byte> head, int limit) => IsDocument(head.TrimStart(" \t\r\n"u8)) ? new JsonFramer(limit) : new LineFramer(limit);

    /// <summary>Finds the first NUL of a stream that begins with many of them: an archive, a database, text in UTF-16.</summary>
    /// <returns>Its position, or −1 where the stream looks like text.</returns>
    public static int FindBinary(ReadOnlySpan<byte> head)
    {
        var prefix = head[..Math.Min(head.Length, BinaryPrefix)];
        return prefix.Count((byte)0) >= BinaryNulls ? prefix.IndexOf((byte)0) : -1;
    }

    /// <summary>Whether the first line is there and does not say by its end that an object goes on.</summary>
    public static bool BeginsWithLine(ReadOnlySpan<byte> head)
    {
        head = head.TrimStart(" \t\r\n"u8);
        var end = head.IndexOf((byte)'\n');
        return end >= 0 && head[..end].TrimEnd(" \t\r"u8)[^1] is not ((byte)'{' or (byte)'[' or (byte)',' or (byte)':');
    }

    private static bool IsDocument(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return false;
        if (text[0] == '[') return text[1..].TrimStart(" \t\r\n"u8) is [] or [(byte)'{' or (byte)'[' or (byte)']', ..];
        if (text[0] != '{') return false;
        return text[..Math.Min(text.Length, PagePrefix)].IndexOf("\"pagination\""u8) >= 0 || GoesOn(text);
    }

    /// <summary>Whether the first line ends where an object goes on, and the second one goes on with it. A torn line does neither.</summary>
    private static bool GoesOn(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        if (end < 0) return false;
        var first = text[..end].TrimEnd(" \t\r"u8);
        var second = text[(end + 1)..].TrimStart(" \t\r\n"u8);
        if (second.IsEmpty) return false;
        return first[^1] switch
        {
            (byte)'{' or (byte)',' => second[0] is (byte)'"' or (byte)'}',
            (byte)'[' or (byte)':' => true,
            _ => false,
        };
    }
}
