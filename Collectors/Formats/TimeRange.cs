using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>The times that an event can have: from the year 2000 to our clock plus the tolerance.</summary>
/// <remarks>The clock is asked only when an event is later than its last answer allows, which for old events is never.</remarks>
internal sealed class TimeRange(FormatContext context)
{
    private static readonly EventTime Earliest = EventTime.From(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private EventTime _latest;

    public EventTime Now => EventTime.From(context.Clock.GetUtcNow());

    /// <returns>The defect, or none.</returns>
    public Defect Check(EventTime time, int position)
    {
        if (time < Earliest) return new Defect(DefectReason.BadTime, position, "a time before the year 2000");
        if (time <= _latest) return default;
        _latest = Now + context.FutureTolerance;
        return time <= _latest ? default : new Defect(DefectReason.InFuture, position, "a time further in the future than clocks differ");
    }
}
