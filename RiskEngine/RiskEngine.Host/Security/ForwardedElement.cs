namespace RiskEngine.Host.Security;

/// <summary>Reads the header <c>Forwarded</c> (RFC 7239) from its right end, one proxy's element after the other.</summary>
/// <remarks>
/// From the right, so that a quote which somebody left open further left does not swallow what the proxies wrote behind it. Escapes, which no address
/// needs, are not understood. Pure.
/// </remarks>
internal static class ForwardedElement
{
    /// <summary>Where the last element begins: behind a comma that is in no quotes; 0 for the only one.</summary>
    public static int StartOfLast(ReadOnlySpan<char> header)
    {
        var isQuoted = false;
        for (var i = header.Length - 1; i >= 0; i--)
        {
            if (header[i] == '"') isQuoted = !isQuoted;
            else if (header[i] == ',' && !isQuoted) return i + 1;
        }

        return 0;
    }

    /// <summary>The value of <c>for</c> in one element, without its quotes; empty where there is none, two, or one that is not well-formed.</summary>
    public static ReadOnlySpan<char> For(ReadOnlySpan<char> element)
    {
        ReadOnlySpan<char> found = default;
        while (!element.IsEmpty)
        {
            var end = EndOfPair(element);
            var pair = element[..end].Trim();
            element = end < element.Length ? element[(end + 1)..] : default;
            var equals = pair.IndexOf('=');
            if (equals < 0 || !pair[..equals].Equals("for", StringComparison.OrdinalIgnoreCase)) continue;
            if (!found.IsEmpty) return default;
            found = Unquoted(pair[(equals + 1)..]);
            if (found.IsEmpty) return default;
        }

        return found;
    }

    private static int EndOfPair(ReadOnlySpan<char> element)
    {
        var isQuoted = false;
        for (var i = 0; i < element.Length; i++)
        {
            if (element[i] == '"') isQuoted = !isQuoted;
            else if (element[i] == ';' && !isQuoted) return i;
        }

        return element.Length;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value)
    {
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"') value = value[1..^1];
        return value.IndexOfAny('"', '\\') < 0 ? value : default;
    }
}
