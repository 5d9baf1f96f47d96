using System.Globalization;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>Reads a quoted text with its escapes (CEL language definition, "String and Bytes Values").</summary>
internal static class TextLiteral
{
    private const string Plain = "\\?\"'`", Letters = "abfnrtv", Meanings = "\a\b\f\n\r\t\v";

    /// <summary>Reads from the opening quote to behind the closing one.</summary>
    /// <param name="prefix">"r" for a raw text, in which a backslash is a backslash.</param>
    /// <exception cref="ExpressionException">The text does not end, or an escape in it means nothing.</exception>
    public static string Read(string text, ref int at, string prefix)
    {
        var start = at;
        var quote = new string(text[at], 3);
        var isTriple = string.CompareOrdinal(text, at, quote, 0, 3) == 0;
        if (!isTriple) quote = quote[..1];
        at += quote.Length;
        var content = new StringBuilder();
        while (string.CompareOrdinal(text, at, quote, 0, quote.Length) != 0)
        {
            if (at >= text.Length) throw new ExpressionException(start, $"this text does not end; close it with {quote}");
            if (!isTriple && text[at] is '\n' or '\r') throw new ExpressionException(start, $"this text does not end on its line; close it with {quote}, or use three quotes");
            if (text[at] == '\\' && prefix.Length == 0) Escape(text, ref at, content);
            else content.Append(text[at++]);
        }

        at += quote.Length;
        var whole = content.ToString();
        for (var i = 0; i < whole.Length; i++)
        {
            if (!char.IsSurrogate(whole[i])) continue;
            if (i + 1 == whole.Length || !char.IsSurrogatePair(whole[i], whole[i + 1])) throw new ExpressionException(start, "this text holds half of a character (a lone surrogate)");
            i++;
        }

        return whole;
    }

    private static void Escape(string text, ref int at, StringBuilder content)
    {
        var start = at++;
        var c = at < text.Length ? text[at++] : '\0';
        if (Plain.Contains(c) && c != '\0') content.Append(c);
        else if (Letters.IndexOf(c) is >= 0 and var index) content.Append(Meanings[index]);
        else if (c is 'x' or 'X') content.Append((char)Hexadecimal(text, ref at, start, 2));
        else if (c == 'u') content.Append((char)Hexadecimal(text, ref at, start, 4));
        else if (c == 'U') content.Append(CodePoint(Hexadecimal(text, ref at, start, 8), start));
        else if (c is >= '0' and <= '3' && at + 2 <= text.Length && text[at] is >= '0' and <= '7' && text[at + 1] is >= '0' and <= '7')
        {
            content.Append((char)(((c - '0') * 64) + ((text[at] - '0') * 8) + text[at + 1] - '0'));
            at += 2;
        }
        else
        {
            throw new ExpressionException(start, $"\"\\{c}\" is no escape; write \\\\ for a backslash, or a raw text r\"…\"");
        }
    }

    private static uint Hexadecimal(string text, ref int at, int start, int digits)
    {
        if (at + digits > text.Length || !uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw new ExpressionException(start, $"\"\\{text[start + 1]}\" needs {digits} hexadecimal digits behind it");
        at += digits;
        return value;
    }

    private static string CodePoint(uint value, int start) =>
        value <= 0x10FFFF && value is not (>= 0xD800 and <= 0xDFFF) ? char.ConvertFromUtf32((int)value) : throw new ExpressionException(start, $"U+{value:X} is no character");
}
