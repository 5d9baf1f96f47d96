using RiskEngine.Collectors.Formats;

namespace RiskEngine.Collectors.Syslog;

/// <summary>What syslog puts around a message: RFC 5424, RFC 3164, or nothing that can be told. Slices of the record; nothing is copied.</summary>
internal readonly ref struct SyslogEnvelope
{
    private const int LongestTag = 48;

    /// <summary>Gets whether the header is that of RFC 5424.</summary>
    public bool IsStructured { get; private init; }

    /// <summary>Gets the time as written; empty for none.</summary>
    public ReadOnlySpan<byte> Time { get; private init; }

    public ReadOnlySpan<byte> Host { get; private init; }

    public ReadOnlySpan<byte> Program { get; private init; }

    public ReadOnlySpan<byte> Process { get; private init; }

    /// <summary>Gets where the message begins in the record.</summary>
    public int MessageAt { get; private init; }

    /// <summary>Takes a record apart. What has no header that is known is a message as a whole.</summary>
    public static SyslogEnvelope Read(ReadOnlySpan<byte> record)
    {
        var at = PriorityLength(record);
        if (at > 0 && record[at..].StartsWith("1 "u8) && TryReadStructured(record, at + 2, out var structured)) return structured;
        return SyslogLine.TryParse(record, out var line) ? Classic(record, line) : new SyslogEnvelope { MessageAt = at };
    }

    /// <summary>RFC 3164: behind time and host a tag of letters, digits and few others, and a colon; or, with many appliances, no tag.</summary>
    private static SyslogEnvelope Classic(ReadOnlySpan<byte> record, scoped in SyslogLine line)
    {
        var at = line.TimeAt + line.Time.Length + 1;
        var host = record[at..].IndexOf((byte)' ');
        at = host < 0 ? record.Length : at + host + 1;
        var rest = record[at..];
        var tag = 0;
        while (tag < rest.Length && tag <= LongestTag && IsTag(rest[tag])) tag++;
        if (tag is 0 or > LongestTag) return new SyslogEnvelope { MessageAt = at };
        var end = tag;
        if (end < rest.Length && rest[end] == '[' && rest[end..].IndexOf((byte)']') is > 0 and var bracket) end += bracket + 1;
        if (end >= rest.Length || rest[end] != ':' || (end + 1 < rest.Length && rest[end + 1] != ' ')) return new SyslogEnvelope { MessageAt = at };
        return new SyslogEnvelope { MessageAt = at + Math.Min(end + 2, rest.Length) };
    }

    private static bool TryReadStructured(ReadOnlySpan<byte> record, int at, out SyslogEnvelope envelope)
    {
        envelope = default;
        if (!TryWord(record, ref at, out var time) || !TryWord(record, ref at, out var host) || !TryWord(record, ref at, out var program)
            || !TryWord(record, ref at, out var process) || !TryWord(record, ref at, out _) || !TryPassData(record, ref at)) return false;
        if (at < record.Length && record[at] == ' ') at++;
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (record[at..].StartsWith(mark)) at += mark.Length;
        envelope = new SyslogEnvelope { IsStructured = true, Time = Known(time), Host = Known(host), Program = Known(program), Process = Known(process), MessageAt = at };
        return true;
    }

    private static bool TryWord(ReadOnlySpan<byte> record, scoped ref int at, out ReadOnlySpan<byte> word)
    {
        var end = record[at..].IndexOf((byte)' ');
        word = end < 0 ? default : record.Slice(at, end);
        at += Math.Max(end, 0) + 1;
        return end > 0;
    }

    /// <summary>Passes over structured data: "-", or elements in brackets whose quoted values may hold escaped brackets.</summary>
    private static bool TryPassData(ReadOnlySpan<byte> record, ref int at)
    {
        if (at >= record.Length) return false;
        if (record[at] == '-')
        {
            at++;
            return at == record.Length || record[at] == ' ';
        }

        var isQuoted = false;
        while (at < record.Length && record[at] == '[')
        {
            for (at++; at < record.Length && (isQuoted || record[at] != ']'); at++)
            {
                if (record[at] == '\\') at++;
                else if (record[at] == '"') isQuoted = !isQuoted;
            }

            if (at >= record.Length) return false;
            at++;
        }

        return at == record.Length || record[at] == ' ';
    }

    private static ReadOnlySpan<byte> Known(ReadOnlySpan<byte> word) => word.SequenceEqual("-"u8) ? default : word;

    private static bool IsTag(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')';

    private static int PriorityLength(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] != '<') return 0;
        var end = record[..Math.Min(record.Length, 5)].IndexOf((byte)'>');
        return end > 1 && TimeText.TryDigits(record[1..end], out _) ? end + 1 : 0;
    }
}
