namespace RiskEngine.Core.Facts;

/// <summary>The lines of a text in memory: LF or CRLF, a byte order mark skipped, blanks around each cut off.</summary>
internal ref struct TextLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        var end = _rest.IndexOf((byte)'\n');
        Current = Trim(end < 0 ? _rest : _rest[..end]);
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r"u8);
}

/// <summary>The fields of one line of CSV (RFC 4180): quotes may stand around a field, two of them inside mean one.</summary>
internal ref struct CsvFields(ReadOnlySpan<byte> line, byte separator = (byte)',')
{
    private ReadOnlySpan<byte> _rest = line;
    private bool _ended;

    /// <summary>Gets the field without the quotes around it; those inside are left doubled.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        if (_ended) return false;
        var rest = TextLines.Trim(_rest);
        var from = 0;
        if (rest.StartsWith((byte)'"'))
        {
            from = 1;
            while (from < rest.Length && (rest[from] != '"' || (from + 1 < rest.Length && rest[from + 1] == '"'))) from += rest[from] == '"' ? 2 : 1;
            from = Math.Min(from, rest.Length);
        }

        var end = rest[from..].IndexOf(separator);
        _ended = end < 0;
        var field = TextLines.Trim(_ended ? rest : rest[..(from + end)]);
        Current = field.Length > 1 && field[0] == '"' && field[^1] == '"' ? field[1..^1] : field;
        _rest = _ended ? default : rest[(from + end + 1)..];
        return true;
    }
}
