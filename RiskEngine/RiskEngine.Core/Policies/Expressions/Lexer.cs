namespace RiskEngine.Core.Policies;

/// <summary>Cuts the text of an expression into words (CEL language definition, "Syntax").</summary>
/// <remarks>Left out: unsigned numbers (<c>7u</c>), bytes (<c>b"…"</c>) and <c>null</c>; each is refused by its name.</remarks>
internal sealed class Lexer
{
    private static readonly string[] Symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}"];

    private readonly string _text;
    private int _at;

    private Lexer(string text) => _text = text;

    /// <exception cref="ExpressionException">Something in the text is no word.</exception>
    public static List<Token> Read(string text)
    {
        if (text.Length > ExpressionLimits.TextLength)
            throw new ExpressionException(0, $"an expression has at most {ExpressionLimits.TextLength} characters, found {text.Length}; put long lists under lists, and parts under variables");
        var lexer = new Lexer(text);
        List<Token> tokens = [];
        do tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        SkipBlank();
        var start = _at;
        if (_at == _text.Length) return new Token(TokenKind.End, start, "");
        var c = _text[_at];
        if (TextPrefix() is { } prefix) return new Token(TokenKind.Text, start, TextLiteral.Read(_text, ref _at, prefix));
        if (char.IsAsciiLetter(c) || c == '_') return Name(start);
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)))) return Number(start);
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            return new Token(TokenKind.Symbol, start, symbol);
        }

        throw new ExpressionException(start, c switch
        {
            '=' => "a single = compares nothing; write ==",
            '&' => "write && for and",
            '|' => "write || for or",
            '“' or '”' or '„' or '‘' or '’' => "texts stand in straight quotes, \" or '",
            _ => char.IsControl(c) || char.IsSurrogate(c) ? $"the character U+{(int)c:X4} is no part of an expression" : $"\"{c}\" is no part of an expression",
        });
    }

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] is ' ' or '\t' or '\n' or '\r' or '\f') _at++;
            else if (_text[_at] == '/' && Peek(1) == '/') SkipWhile(c => c is not ('\n' or '\r'));
            else return;
        }
    }

    /// <summary>The letters before a quote: none, or r for raw; null where no text begins.</summary>
    private string? TextPrefix()
    {
        if (_text[_at] is '"' or '\'') return "";
        if (_text[_at] is not ('r' or 'R' or 'b' or 'B')) return null;
        var length = Peek(1) is 'r' or 'R' or 'b' or 'B' ? 2 : 1;
        if (Peek(length) is not ('"' or '\'')) return null;
        var prefix = _text.Substring(_at, length).ToLowerInvariant();
        if (prefix.Contains('b')) throw new ExpressionException(_at, "bytes (b\"…\") are not part of the language here; write the text without b");
        if (prefix != "r") throw new ExpressionException(_at, $"\"{prefix}\" is no prefix of a text; r is");
        _at += length;
        return prefix;
    }

    private Token Name(int start)
    {
        SkipWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return new Token(TokenKind.Name, start, _text[start.._at]);
    }

    private Token Number(int start)
    {
        var isDouble = false;
        if (_text[_at] == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            _at += 2;
            SkipWhile(char.IsAsciiHexDigit);
        }
        else
        {
            SkipWhile(char.IsAsciiDigit);
            if (_at < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(Peek(1)))
            {
                isDouble = true;
                _at++;
                SkipWhile(char.IsAsciiDigit);
            }

            var digitsAt = Peek(1) is '+' or '-' ? 2 : 1;
            if (_at < _text.Length && _text[_at] is 'e' or 'E' && char.IsAsciiDigit(Peek(digitsAt)))
            {
                isDouble = true;
                _at += digitsAt;
                SkipWhile(char.IsAsciiDigit);
            }
        }

        var number = _text[start.._at];
        if (_at < _text.Length && _text[_at] is 'u' or 'U') throw new ExpressionException(start, $"unsigned numbers are not part of the language here; write {number}");
        if (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
            throw new ExpressionException(start, $"\"{number}{_text[_at]}\" is no number; a duration is written duration(\"{number}h\")");
        return new Token(isDouble ? TokenKind.Double : TokenKind.Integer, start, number);
    }

    private void SkipWhile(Func<char, bool> holds)
    {
        while (_at < _text.Length && holds(_text[_at])) _at++;
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';
}
