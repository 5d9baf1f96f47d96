namespace RiskEngine.Host.Logging;

/// <summary>A list behind a name that is secret: of strings, as Go writes headers, or of objects with a <c>value</c> each, as HTTP archives have cookies.</summary>
internal static class SecretList
{
    /// <summary>Takes out every string of the list, and of its objects what is their value.</summary>
    /// <param name="at">Of its bracket.</param>
    /// <returns>Behind the bracket: what else is in the list is looked at like any text.</returns>
    public static int Pass(ScrubbedText scrubbed, int at)
    {
        if (at >= scrubbed.ListedUpTo) scrubbed.ListedUpTo = Remove(scrubbed, at);
        return at + 1;
    }

    private static int Remove(ScrubbedText scrubbed, int at)
    {
        var text = scrubbed.Text;
        var (lists, objects, isValue) = (0, 0, false);
        while (at < text.Length)
        {
            var quote = QuotedText.MarkAt(text, at);
            if (quote.Length == 0)
            {
                switch (text[at++])
                {
                    case '[': lists++; break;
                    case ']': lists--; break;
                    case '{': objects++; break;
                    case '}': objects--; break;
                    default: break;
                }

                if (lists == 0) return at;
                continue;
            }

            var start = at + quote.Length;
            var end = QuotedText.End(text, start, quote);
            at = QuotedText.After(text, end);
            if (IsKey(text, at)) isValue = text.AsSpan(start, end - start) is "value";
            else if (objects == 0 || isValue) scrubbed.Remove(start, end);
        }

        return at;
    }

    private static bool IsKey(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n') at++;
        return at < text.Length && text[at] == ':';
    }
}
