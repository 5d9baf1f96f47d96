namespace RiskEngine.Collectors.Formats;

/// <summary>Where the columns of the RBA data set stand in a file, found by their names in its header.</summary>
/// <remarks>Names are compared without case and without anything but letters, so "Login Timestamp", "login_timestamp" and "LoginTimestamp" are one.</remarks>
internal sealed class RbaColumns
{
    private static readonly string[] Names =
    [
        "logintimestamp", "userid", "roundtriptimems", "ipaddress", "country", "city", "asn", "useragentstring", "loginsuccessful", "isaccounttakeover", "id",
    ];

    private readonly int[] _places = new int[Names.Length];

    public int Timestamp => _places[0];

    public int UserId => _places[1];

    public int RoundTrip => _places[2];

    public int Address => _places[3];

    public int Country => _places[4];

    public int City => _places[5];

    public int Asn => _places[6];

    public int UserAgent => _places[7];

    public int IsSuccessful => _places[8];

    public int IsTakeover => _places[9];

    public int Id => _places[10];

    /// <summary>Gets the number of columns that every row must have.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a header: a row that names at least the time, the user and the outcome.</summary>
    public static bool TryRead(CsvRow row, ReadOnlySpan<byte> record, out RbaColumns columns)
    {
        columns = new RbaColumns { Count = row.Count };
        Array.Fill(columns._places, -1);
        for (var field = 0; field < row.Count; field++)
        {
            var place = Find(row.Raw(record, field));
            if (place >= 0 && columns._places[place] < 0) columns._places[place] = field;
        }

        return columns is { Timestamp: >= 0, UserId: >= 0, IsSuccessful: >= 0 };
    }

    private static int Find(ReadOnlySpan<byte> name)
    {
        Span<byte> letters = stackalloc byte[32];
        var length = 0;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetter((char)c)) continue;
            if (length == letters.Length) return -1;
            letters[length++] = (byte)(c | 0x20);
        }

        for (var i = 0; i < Names.Length; i++)
        {
            if (System.Text.Ascii.Equals(letters[..length], Names[i])) return i;
        }

        return letters[..length].SequenceEqual("roundtriptime"u8) ? 2 : letters[..length].SequenceEqual("useragent"u8) ? 7 : -1;
    }
}
