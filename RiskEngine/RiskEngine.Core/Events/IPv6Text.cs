using System.Buffers.Text;

namespace RiskEngine.Core.Events;

/// <summary>IPv6 addresses as text (RFC 4291, section 2.2; written as RFC 5952 asks), without allocation.</summary>
internal static class IPv6Text
{
    private const int Groups = 8;

    /// <summary>Reads an address in any of its spellings, with "::" at most once and an IPv4 tail if wanted; no zone, port or brackets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int count = 0, gap = -1, at = 0;
        if (text.StartsWith("::"u8)) (gap, at) = (0, 2);
        while (at < text.Length)
        {
            if (count == Groups) return false;
            var rest = text[at..];
            var colon = rest.IndexOf((byte)':');
            var group = colon < 0 ? rest : rest[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                if (count > Groups - 2 || !IpAddress.TryParseIPv4(group, out var tail)) return false;
                (groups[count++], groups[count++]) = ((ushort)(tail >> 16), (ushort)tail);
                break;
            }

            if (!TryParseGroup(group, out groups[count++])) return false;
            if (colon < 0) break;
            at += colon + 1;
            if (at == text.Length) return false;
            if (text[at] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            at++;
        }

        return TryJoin(groups, count, gap, out address);
    }

    /// <summary>Writes an address: lower case, no leading zeros, the longest run of two or more zero groups as "::".</summary>
    /// <returns>The length, at most 39.</returns>
    public static int Format(UInt128 address, Span<byte> utf8)
    {
        var (start, length) = LongestZeros(address);
        var at = 0;
        for (var group = 0; group < Groups; group++)
        {
            if (group == start)
            {
                utf8[at++] = (byte)':';
                if (group + length == Groups) utf8[at++] = (byte)':';
                group += length - 1;
                continue;
            }

            if (group > 0) utf8[at++] = (byte)':';
            Utf8Formatter.TryFormat(GroupOf(address, group), utf8[at..], out var written, 'x');
            at += written;
        }

        return at;
    }

    private static bool TryParseGroup(ReadOnlySpan<byte> text, out ushort group) =>
        Utf8Parser.TryParse(text, out group, out var used, 'x') && used == text.Length && text.Length <= 4 && char.IsAsciiHexDigit((char)text[0]);

    private static bool TryJoin(ReadOnlySpan<ushort> groups, int count, int gap, out UInt128 address)
    {
        address = default;
        if (gap < 0 ? count != Groups : count >= Groups) return false;
        for (var i = 0; i < Groups; i++)
        {
            var zeros = Groups - count;
            var source = gap < 0 || i < gap ? i : i < gap + zeros ? -1 : i - zeros;
            address = (address << 16) | (source < 0 ? UInt128.Zero : groups[source]);
        }

        return true;
    }

    private static ushort GroupOf(UInt128 address, int group) => (ushort)(address >> (112 - (16 * group)));

    private static (int Start, int Length) LongestZeros(UInt128 address)
    {
        int best = -1, bestLength = 1;
        for (var start = 0; start < Groups; start++)
        {
            var length = 0;
            while (start + length < Groups && GroupOf(address, start + length) == 0) length++;
            if (length > bestLength) (best, bestLength) = (start, length);
            start += length;
        }

        return best < 0 ? (-1, 0) : (best, bestLength);
    }
}
