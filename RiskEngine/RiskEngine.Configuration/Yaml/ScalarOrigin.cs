using YamlDotNet.Core;

namespace RiskEngine.Configuration.Yaml;

/// <summary>Where the characters of a value were written, however it was quoted, folded or indented.</summary>
/// <param name="source">The file.</param>
/// <param name="text">All of the file.</param>
/// <param name="start">Where the value starts in it, its quote or block sign included.</param>
/// <param name="value">What YAML makes of it.</param>
internal sealed class ScalarOrigin(string source, string text, int start, ScalarStyle style, string value)
{
    /// <summary>The place of the character of the value with that number, from 0; behind the last one, the end.</summary>
    /// <remarks>
    /// What is written and what it means are walked side by side: blanks may be folded or indentation, everything else stands for itself, or for an
    /// escape in double quotes, or for two quotes in single ones.
    /// </remarks>
    public Place PlaceOf(int offset)
    {
        var at = style switch
        {
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => start + 1,
            ScalarStyle.Literal or ScalarStyle.Folded => Math.Max(text.IndexOf('\n', start), start) + 1,
            _ => start,
        };
        at = SkipBlank(at);
        for (var i = 0; i < Math.Min(offset, value.Length); i++)
        {
            if (char.IsWhiteSpace(value[i]) && style != ScalarStyle.DoubleQuoted) continue;
            if (!char.IsWhiteSpace(value[i])) at = SkipBlank(at);
            at += LengthAt(at, value[i]);
        }

        if (offset < value.Length && !char.IsWhiteSpace(value[offset])) at = SkipBlank(at);
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        return new Place(source, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private int LengthAt(int at, char meant)
    {
        if (at >= text.Length) return 0;
        if (style == ScalarStyle.SingleQuoted) return meant == '\'' ? 2 : 1;
        if (style != ScalarStyle.DoubleQuoted || text[at] != '\\') return char.IsWhiteSpace(meant) && !char.IsWhiteSpace(text[at]) ? 0 : 1;
        return at + 1 >= text.Length ? 1 : text[at + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
    }

    private int SkipBlank(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
