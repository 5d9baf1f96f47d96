using System.Buffers.Text;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Reads the times of a mapping.</summary>
internal sealed class MappedClock
{
    private const long LastSecond = 253_402_300_799;

    private readonly string _format;
    private readonly TimePattern? _pattern;
    private readonly TimeSpan _ahead;

    public MappedClock(MappedTime time)
    {
        (_format, _ahead) = (time.Format, time.Zone?.Value ?? TimeSpan.Zero);
        if (TimePattern.TryCompile(time.Format, out var pattern, out _) && time.Format.Contains('%', StringComparison.Ordinal)) _pattern = pattern;
        Expected = time.Format switch
        {
            "iso" => "occurred_at must be a time in ISO 8601, such as 2026-11-21T20:15:01.123Z",
            "unix" => "occurred_at must be seconds since 1970",
            "unix_ms" => "occurred_at must be milliseconds since 1970",
            _ => $"occurred_at must be a time as in {time.Format}",
        };
    }

    /// <summary>Gets what a defect says.</summary>
    public string Expected { get; }

    public bool TryRead(ReadOnlySpan<byte> text, out EventTime time)
    {
        if (_pattern is not null) return _pattern.TryRead(text, _ahead, out time);
        if (_format == "iso") return TimeText.TryParseIso(text, out time);
        return _format == "unix" ? TryReadSeconds(text, out time) : TryReadMilliseconds(text, out time);
    }

    private static bool TryReadSeconds(ReadOnlySpan<byte> text, out EventTime time)
    {
        time = default;
        if (!Utf8Parser.TryParse(text, out long seconds, out var used) || seconds is < 0 or > LastSecond) return false;
        var rest = text[used..];
        var milliseconds = 0;
        if (!rest.IsEmpty && (rest[0] != '.' || !TimeText.TryParseFraction(ref rest, out milliseconds) || !rest.IsEmpty)) return false;
        time = new EventTime((seconds * 1000) + milliseconds);
        return true;
    }

    private static bool TryReadMilliseconds(ReadOnlySpan<byte> text, out EventTime time)
    {
        var isNumber = Utf8Parser.TryParse(text, out long milliseconds, out var used) && used == text.Length && milliseconds is >= 0 and <= LastSecond * 1000;
        time = new EventTime(isNumber ? milliseconds : 0);
        return isNumber;
    }
}
