namespace RiskEngine.Host.Logging;

/// <summary>Secrets that are known by the name beside them: finds the name around a mark, how the value stands to it, and where it ends.</summary>
internal static class NamedSecret
{
    private const int MostBlanks = 64;

    private static readonly string[] EmptyLines = ["\r\n\r\n", "\n\n", "\\r\\n\\r\\n", "\\n\\n"];

    /// <returns>Where to go on.</returns>
    public static int Pass(ScrubbedText scrubbed, int mark)
    {
        var text = scrubbed.Text;
        var (start, end) = (mark, mark + 1);
        while (start > scrubbed.LookedUpTo && SecretNames.IsPart(text[start - 1])) start--;
        while (end < text.Length && SecretNames.IsPart(text[end])) end++;
        var name = text.AsSpan(start, end - start);
        if (!SecretNames.IsSecret(name)) return end;
        if (start > 0 && text[start - 1] == '<' && end < text.Length && text[end] == '>') return Unquoted(scrubbed, end + 1, isLine: true);

        var at = end;
        var quote = QuotedText.MarkAt(text, at);
        at += quote.Length;
        if (at < text.Length && text[at] == ']') at++;
        if (quote.Length > 0 && FormPart(scrubbed, at) is { } afterForm) return afterForm;
        var next = AfterBlanks(text, at);
        if (SeparatorAt(text, next) is > 0 and var length) return Value(scrubbed, AfterBlanks(text, next + length), SecretNames.IsLine(name));
        if (quote.Length == 0) return end;
        return ValueOfPair(scrubbed, next, quote) ?? ValueBefore(scrubbed, start - quote.Length, quote) ?? end;
    }

    private static int Value(ScrubbedText scrubbed, int at, bool isLine)
    {
        if (at >= scrubbed.Text.Length) return at;
        var quote = QuotedText.MarkAt(scrubbed.Text, at);
        if (quote.Length > 0) return Quoted(scrubbed, at, quote);
        return scrubbed.Text[at] switch
        {
            '[' when IsList(scrubbed.Text, at) => SecretList.Pass(scrubbed, at),
            '{' or '[' => at,
            _ => Unquoted(scrubbed, at, isLine),
        };
    }

    /// <summary><c>[removed]</c> is no list.</summary>
    private static bool IsList(string text, int at)
    {
        var next = AfterBlanks(text, at + 1);
        return next < text.Length && (text[next] is '{' or ']' || QuotedText.MarkAt(text, next).Length > 0);
    }

    private static int Quoted(ScrubbedText scrubbed, int at, string quote)
    {
        var start = at + quote.Length;
        var end = QuotedText.End(scrubbed.Text, start, quote);
        scrubbed.Remove(start, end);
        var after = QuotedText.After(scrubbed.Text, end);
        // password= "token": "abc": what seems a value is the next name.
        return SeparatorAt(scrubbed.Text, AfterBlanks(scrubbed.Text, after)) > 0 ? start : after;
    }

    private static int Unquoted(ScrubbedText scrubbed, int start, bool isLine)
    {
        var text = scrubbed.Text;
        var end = WordEnd(text, start, isLine);
        // "token: Bearer abc": the scheme is no secret, what follows it is.
        if (!isLine && end < text.Length && text[end] == ' ' && text.AsSpan(start, end - start) is var word
            && (word.Equals("bearer", StringComparison.OrdinalIgnoreCase) || word.Equals("basic", StringComparison.OrdinalIgnoreCase)))
        {
            end = WordEnd(text, end + 1, isLine);
        }

        scrubbed.Remove(start, end);
        if (isLine || end == start || text[end - 1] is not (':' or '=')) return end;
        // "password: token: abc": what seems a value is the next name.
        var name = end - 1;
        while (name > start && SecretNames.IsPart(text[name - 1])) name--;
        return name;
    }

    private static int WordEnd(string text, int at, bool isLine)
    {
        while (at < text.Length && !(isLine ? text[at] is '\r' or '\n' or '"' or '\'' or '\\' or '<' : text[at] is ' ' or '\t' or '\r' or '\n' or '"' or '\'' or '\\' or '<' or '>' or '&' or ',' or ';' or ')' or ']' or '}' or '|')) at++;
        return at;
    }

    /// <summary><c>"name": "Cookie", "value": "…"</c>.</summary>
    private static int? ValueOfPair(ScrubbedText scrubbed, int comma, string quote)
    {
        var text = scrubbed.Text;
        if (comma >= text.Length || text[comma] != ',') return null;
        var key = AfterBlanks(text, comma + 1);
        var label = $"{quote}value{quote}";
        if (!text.AsSpan(key).StartsWith(label, StringComparison.Ordinal)) return null;
        var colon = AfterBlanks(text, key + label.Length);
        if (colon >= text.Length || text[colon] != ':') return null;
        var value = AfterBlanks(text, colon + 1);
        return text.AsSpan(value).StartsWith(quote, StringComparison.Ordinal) ? Quoted(scrubbed, value, quote) : null;
    }

    /// <summary>The same the other way round: <c>"value": "…", "name": "Cookie"</c>. Looks back no further than nobody has looked.</summary>
    private static int? ValueBefore(ScrubbedText scrubbed, int opening, string quote)
    {
        var text = scrubbed.Text;
        var colon = BeforeBlanks(text, opening, scrubbed.LookedUpTo);
        if (colon <= scrubbed.LookedUpTo || text[colon - 1] != ':') return null;
        var label = $"{quote}name{quote}";
        var key = BeforeBlanks(text, colon - 1, scrubbed.LookedUpTo);
        if (key < label.Length || !text.AsSpan(0, key).EndsWith(label, StringComparison.Ordinal)) return null;
        var comma = BeforeBlanks(text, key - label.Length, scrubbed.LookedUpTo);
        if (comma <= scrubbed.LookedUpTo || text[comma - 1] != ',') return null;
        var end = BeforeBlanks(text, comma - 1, scrubbed.LookedUpTo) - quote.Length;
        if (end <= scrubbed.LookedUpTo || !text.AsSpan(end).StartsWith(quote, StringComparison.Ordinal)) return null;
        var start = text.AsSpan(scrubbed.LookedUpTo, end - scrubbed.LookedUpTo).LastIndexOf(quote, StringComparison.Ordinal);
        if (start < 0) return null;
        scrubbed.Remove(scrubbed.LookedUpTo + start + quote.Length, end);
        return opening + quote.Length;
    }

    /// <summary>A part of a form: <c>name="password"</c>, an empty line, the value, the end of the line (RFC 7578).</summary>
    private static int? FormPart(ScrubbedText scrubbed, int at)
    {
        foreach (var empty in EmptyLines)
        {
            if (!scrubbed.Text.AsSpan(at).StartsWith(empty, StringComparison.Ordinal)) continue;
            var start = at + empty.Length;
            var length = scrubbed.Text.AsSpan(start).IndexOf(empty.AsSpan(empty.Length / 2), StringComparison.Ordinal);
            var end = length < 0 ? scrubbed.Text.Length : start + length;
            scrubbed.Remove(start, end);
            return end;
        }

        return null;
    }

    private static int SeparatorAt(string text, int at)
    {
        if (at >= text.Length) return 0;
        if (text.AsSpan(at).StartsWith("=>", StringComparison.Ordinal)) return 2;
        if (text[at] is '=' or ':') return 1;
        return text.AsSpan(at).StartsWith("%3D", StringComparison.OrdinalIgnoreCase) || text.AsSpan(at).StartsWith("%3A", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
    }

    private static int AfterBlanks(string text, int at)
    {
        var most = Math.Min(text.Length, at + MostBlanks);
        while (at < most && (text[at] is ' ' or '\t' or '\r' or '\n' || LineEndAt(text, at) > 0)) at += Math.Max(1, LineEndAt(text, at));
        return at;
    }

    /// <summary>The length of a line end that is written as an escape, as in texts within texts.</summary>
    private static int LineEndAt(string text, int at)
    {
        var depth = 0;
        while (at + depth < text.Length && depth < MostBlanks && text[at + depth] == '\\') depth++;
        return depth > 0 && at + depth < text.Length && text[at + depth] is 'n' or 'r' or 't' ? depth + 1 : 0;
    }

    private static int BeforeBlanks(string text, int at, int least)
    {
        least = Math.Max(least, at - MostBlanks);
        while (at > least && text[at - 1] is ' ' or '\t' or '\r' or '\n') at--;
        return at;
    }
}
