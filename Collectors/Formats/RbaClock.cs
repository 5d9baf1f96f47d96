using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Reads the times of the RBA data set, also where a spreadsheet has cut them to minutes and seconds.</summary>
/// <remarks>
/// A cut time, "43:30.8", has lost its date and hour. The rows are in order of time, so the hour starts with that of the set's first row
/// (2020-02-03 12:00 UTC) and moves on whenever the minutes fall by more than half an hour; a smaller fall is a row out of order.
/// </remarks>
internal sealed class RbaClock
{
    private const int HalfHour = 30 * 60_000;

    private EventTime _hour = EventTime.From(new DateTimeOffset(2020, 2, 3, 12, 0, 0, TimeSpan.Zero));
    private int _last = -1;

    public bool TryRead(ReadOnlySpan<byte> text, out EventTime time) => text.Length >= 19 ? TimeText.TryParseIso(text, out time) : TryReadCut(text, out time);

    private bool TryReadCut(ReadOnlySpan<byte> text, out EventTime time)
    {
        time = default;
        if (text.Length < 5 || text[2] != ':' || !TimeText.TryDigits(text[..2], out var minute) || !TimeText.TryDigits(text[3..5], out var second)) return false;
        var rest = text[5..];
        var milliseconds = 0;
        if (minute > 59 || second > 59 || (!rest.IsEmpty && (rest[0] != '.' || !TimeText.TryParseFraction(ref rest, out milliseconds) || !rest.IsEmpty))) return false;

        var within = (((minute * 60) + second) * 1000) + milliseconds;
        if (within < _last - HalfHour) _hour += TimeSpan.FromHours(1);
        _last = within;
        time = new EventTime(_hour.UnixMilliseconds + within);
        return true;
    }
}
