using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage;

/// <summary>How many items with a bound (<see cref="OutboxItem.MostPerHour"/>) each responder was owed in the hour of the clock.</summary>
/// <remarks>In memory: begins anew with the process. Not thread-safe.</remarks>
internal sealed class OutboxRate
{
    private const long Hour = 3_600_000;

    private readonly Dictionary<string, (long Hour, int Count)> _taken = [];

    /// <summary>Counts an item; true where it is one too many.</summary>
    public bool IsOver(OutboxItem item, EventTime now)
    {
        if (item.MostPerHour == 0) return false;
        var hour = now.UnixMilliseconds / Hour;
        var (last, count) = _taken.GetValueOrDefault(item.Responder);
        if (last != hour) count = 0;
        if (count >= item.MostPerHour) return true;
        _taken[item.Responder] = (hour, count + 1);
        return false;
    }
}
