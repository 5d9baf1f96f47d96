namespace RiskEngine.Host.Logging;

/// <summary>Strings between quotes, also those within a string, whose quotes have backslashes before them or are written as <c>\u0022</c>.</summary>
internal static class QuotedText
{
    private const int Deepest = 7;

    private static readonly string[] Double = Marks("\""), Single = Marks("'"), EscapedDouble = Marks("u0022"), EscapedSingle = Marks("u0027");

    /// <summary>The quote at a place, with the backslashes before it; empty where there is none.</summary>
    public static string MarkAt(string text, int at)
    {
        var depth = 0;
        while (at + depth < text.Length && depth < Deepest && text[at + depth] == '\\') depth++;
        if (at + depth >= text.Length) return "";
        return text[at + depth] switch
        {
            '"' => Double[depth],
            '\'' => Single[depth],
            'u' when depth > 0 && text.AsSpan(at + depth).StartsWith("u0022", StringComparison.Ordinal) => EscapedDouble[depth],
            'u' when depth > 0 && text.AsSpan(at + depth).StartsWith("u0027", StringComparison.Ordinal) => EscapedSingle[depth],
            _ => "",
        };
    }

    /// <summary>Where the string that began before <paramref name="at"/> ends: at its closing quote, or with the text.</summary>
    public static int End(string text, int at, string quote)
    {
        if (quote.Length > 0 && char.IsAsciiDigit(quote[^1])) return text.IndexOf(quote, at, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;
        var (depth, slashes) = (quote.Length - 1, 0);
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                slashes++;
                continue;
            }

            // A quote with more backslashes than the opening one stands within the string; with an even number at the outermost level it ends it.
            if (text[at] == quote[^1] && (slashes <= depth || (depth == 0 && slashes % 2 == 0))) return at - Math.Min(slashes, depth);
            slashes = 0;
        }

        return at;
    }

    /// <summary>Behind the quote that <see cref="End"/> found, which may have fewer backslashes than the opening one.</summary>
    public static int After(string text, int end) => end + MarkAt(text, end).Length;

    private static string[] Marks(string quote) => [.. Enumerable.Range(0, Deepest + 1).Select(depth => new string('\\', depth) + quote)];
}
