using System.Buffers.Text;

namespace RiskEngine.Collectors.Formats;

/// <summary>The parts of one line of syslog: time, program, process and message. An optional <c>&lt;PRI&gt;</c> in front is passed over.</summary>
internal readonly ref struct SyslogLine
{
    private const int ClassicTimeLength = 15;

    /// <summary>Gets "Jun 14 15:16:01", or a time in ISO 8601.</summary>
    public ReadOnlySpan<byte> Time { get; private init; }

    public int TimeAt { get; private init; }

    /// <summary>Gets whether the time is ISO 8601 and so has a year.</summary>
    public bool IsIso { get; private init; }

    public ReadOnlySpan<byte> Program { get; private init; }

    /// <summary>Gets the number of the process, 0 where there is none.</summary>
    public int Process { get; private init; }

    public ReadOnlySpan<byte> Message { get; private init; }

    /// <summary>Splits a line; lines without a program (marks of the daemon itself) have an empty one.</summary>
    /// <returns>False where the line does not begin as syslog does.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out SyslogLine parts)
    {
        parts = default;
        var at = PriorityLength(line);
        var rest = line[at..];
        var isIso = rest.Length > 0 && rest[0] is >= (byte)'0' and <= (byte)'9';
        var timeLength = isIso ? rest.IndexOf((byte)' ') : ClassicTimeLength;
        if (timeLength < 0 || rest.Length <= timeLength + 1 || rest[timeLength] != ' ') return false;
        var time = rest[..timeLength];
        if (isIso ? !LooksIso(time) : !LooksClassic(time)) return false;

        rest = rest[(timeLength + 1)..];
        var host = rest.IndexOf((byte)' ');
        rest = host < 0 ? default : rest[(host + 1)..];
        var colon = rest.IndexOf((byte)':');
        var tag = colon < 0 ? default : rest[..colon];
        var process = 0;
        var bracket = tag.IndexOf((byte)'[');
        if (bracket >= 0 && Utf8Parser.TryParse(tag[(bracket + 1)..], out int number, out _)) process = number;
        parts = new SyslogLine
        {
            Time = time,
            TimeAt = at,
            IsIso = isIso,
            Program = bracket >= 0 ? tag[..bracket] : tag,
            Process = process,
            Message = colon < 0 ? default : rest[(colon + 1)..].Trim((byte)' '),
        };
        return true;
    }

    private static int PriorityLength(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != '<') return 0;
        var end = line[..Math.Min(line.Length, 5)].IndexOf((byte)'>');
        return end > 1 && TimeText.TryDigits(line[1..end], out _) ? end + 1 : 0;
    }

    private static bool LooksIso(ReadOnlySpan<byte> time) => time.Length >= 19 && time[4] == '-' && time[10] == 'T';

    private static bool LooksClassic(ReadOnlySpan<byte> time) => time[3] == ' ' && time[6] == ' ' && time[9] == ':' && time[12] == ':' && char.IsAsciiLetterUpper((char)time[0]);
}
