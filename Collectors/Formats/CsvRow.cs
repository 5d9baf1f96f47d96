namespace RiskEngine.Collectors.Formats;

/// <summary>Splits one record of comma-separated values (RFC 4180) into fields without copying them.</summary>
/// <param name="separator">What stands between fields.</param>
/// <param name="limit">The most fields a row may have.</param>
/// <param name="quotes">Whether a quote opens a field; otherwise it is a character as others are.</param>
internal sealed class CsvRow(byte separator = (byte)',', int limit = 64, bool quotes = true)
{
    private readonly int[] _starts = new int[limit];
    private readonly int[] _lengths = new int[limit];
    private readonly bool[] _hasQuotes = new bool[limit];

    /// <summary>Gets the number of fields of the row that was split last.</summary>
    public int Count { get; private set; }

    public int Start(int field) => _starts[field];

    /// <summary>Gets the field's text between its quotes, if any; doubled quotes inside are still doubled.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> row, int field) => row.Slice(_starts[field], _lengths[field]);

    /// <summary>Whether the field holds doubled quotes, see <see cref="Unquote"/>.</summary>
    public bool HasQuotes(int field) => _hasQuotes[field];

    /// <returns>The position of a fault, or −1.</returns>
    public int Split(ReadOnlySpan<byte> row)
    {
        Count = 0;
        for (var at = 0; ; at++)
        {
            if (Count == limit) return at;
            var end = quotes && at < row.Length && row[at] == '"' ? SplitQuoted(row, at) : SplitPlain(row, at);
            if (end < 0 || (end < row.Length && row[end] != separator)) return at;
            Count++;
            if (end == row.Length) return -1;
            at = end;
        }
    }

    /// <summary>Writes a field with its doubled quotes made single.</summary>
    /// <param name="to">At least as long as <paramref name="raw"/>.</param>
    public static int Unquote(ReadOnlySpan<byte> raw, Span<byte> to)
    {
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            to[length++] = raw[i];
            if (raw[i] == '"') i++;
        }

        return length;
    }

    private int SplitPlain(ReadOnlySpan<byte> row, int at)
    {
        var length = row[at..].IndexOf(separator);
        if (length < 0) length = row.Length - at;
        Keep(at, length, false);
        return at + length;
    }

    private int SplitQuoted(ReadOnlySpan<byte> row, int at)
    {
        var start = at + 1;
        var hasQuotes = false;
        for (at = start; ; at += 2)
        {
            var quote = row[at..].IndexOf((byte)'"');
            if (quote < 0) return -1;
            at += quote;
            if (at + 1 >= row.Length || row[at + 1] != '"') break;
            hasQuotes = true;
        }

        Keep(start, at - start, hasQuotes);
        return at + 1;
    }

    private void Keep(int start, int length, bool hasQuotes) => (_starts[Count], _lengths[Count], _hasQuotes[Count]) = (start, length, hasQuotes);
}
