namespace RiskEngine.Core.Policies;

/// <summary>A part of a timestamp: <c>t.getHours("Europe/Berlin")</c> and its like, in UTC where no zone is named.</summary>
/// <remarks>
/// Numbers begin as CEL has it ("Timezones", standard definitions): months, days of the month by <c>getDayOfMonth</c>, of the week (Sunday) and of
/// the year at 0, <c>getDate</c> at 1. Zones are names of the IANA database of the machine, or offsets such as "+05:30".
/// </remarks>
internal sealed class TimePartExpression : Expression
{
    private static readonly string[] Names =
        ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"];

    private readonly Expression _time;
    private readonly string? _zoneName;
    private readonly TimeZoneInfo? _zone;
    private readonly TimeSpan _offset;
    private readonly int _part;

    public TimePartExpression(string part, Expression time, string? zoneName, TimeZoneInfo? zone, TimeSpan offset)
        : base(ExpressionType.Int, time)
    {
        (_time, _zoneName, _zone, _offset, _part) = (time, zoneName, zone, offset, Array.IndexOf(Names, part));
        if (zone is not null) Cost += ExpressionLimits.ZoneSteps;
    }

    public static IReadOnlyList<string> All => Names;

    /// <summary>Reads the name of a zone.</summary>
    /// <param name="error">What is wrong; null when it is right.</param>
    public static bool TryZone(string name, out TimeZoneInfo? zone, out TimeSpan offset, out string? error)
    {
        (zone, offset, error) = (null, TimeSpan.Zero, null);
        if (name is "UTC" or "Z") return true;
        var digits = name.TrimStart('+', '-');
        if (digits.Length == 5 && digits[2] == ':' && name.Length is 5 or 6 && int.TryParse(digits.AsSpan(0, 2), out var hours) && int.TryParse(digits.AsSpan(3), out var minutes))
        {
            offset = TimeSpan.FromMinutes((name[0] == '-' ? -1 : 1) * ((hours * 60) + minutes));
            error = hours <= 14 && minutes < 60 ? null : $"\"{name}\" is no offset of a time zone such as +05:30";
            return error is null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)) return true;
        var known = TimeZoneInfo.GetSystemTimeZones();
        error = known.Count < 10
            ? $"this machine knows no time zones (no tzdata); write an offset such as +01:00 in place of \"{name}\""
            : $"no time zone is called \"{name}\"{NearestName.Suggest(name, [.. known.Select(each => each.Id)])}; zones are called as in Europe/Berlin, or are offsets such as +01:00";
        return false;
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_time.TryEvaluate(ref frame, out value) || value.Number is < ArithmeticExpression.Earliest or > ArithmeticExpression.Latest) return false;
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(value.Number).UtcDateTime;
        var ticks = utc.Ticks + (_zone is null ? _offset : _zone.GetUtcOffset(utc)).Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        var local = new DateTime(ticks);
        value = Value.Of((long)(_part switch
        {
            0 => local.Year,
            1 => local.Month - 1,
            2 => local.Day,
            3 => local.Day - 1,
            4 => (int)local.DayOfWeek,
            5 => local.DayOfYear - 1,
            6 => local.Hour,
            7 => local.Minute,
            8 => local.Second,
            _ => local.Millisecond,
        }));
        return true;
    }

    public override string ToString() => $"{_time}.{Names[_part]}({(_zoneName is null ? "" : ConstantExpression.Quote(_zoneName))})";
}

/// <summary>A duration in whole hours, minutes or seconds: <c>d.getHours()</c>, <c>d.getMinutes()</c>, <c>d.getSeconds()</c>.</summary>
internal sealed class DurationPartExpression(string part, long milliseconds, Expression duration) : Expression(ExpressionType.Int, duration)
{
    /// <summary>Milliseconds of the unit that such a function counts; 0 where it is none.</summary>
    public static long UnitOf(string part) => part switch { "getHours" => 3_600_000, "getMinutes" => 60_000, "getSeconds" => 1000, _ => 0 };

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!duration.TryEvaluate(ref frame, out value)) return false;
        value = Value.Of(value.Number / milliseconds);
        return true;
    }

    public override string ToString() => $"{duration}.{part}()";
}
