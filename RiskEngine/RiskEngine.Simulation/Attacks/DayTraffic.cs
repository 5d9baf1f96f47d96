using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>What attackers can build on: the day's successful logins of people, in time order.</summary>
/// <remarks>Victims are drawn from its rows, so that those who log in often are hit often. Immutable.</remarks>
internal sealed class DayTraffic
{
    private readonly Dictionary<City, List<AccessPoint>> _lines = [];

    public DayTraffic(IEnumerable<EventDraft> honest)
    {
        Logins = [.. honest.Where(draft => draft is { Kind: EventKind.Login, Account.IsService: false }).OrderBy(draft => draft.OccurredAt)];
        foreach (var login in Logins)
        {
            var line = login.From!;
            if (line.Operator.Kind != OperatorKind.Residential || !line.Address.IsIPv4) continue;
            if (!_lines.TryGetValue(line.City, out var lines)) _lines[line.City] = lines = [];
            lines.Add(line);
        }
    }

    public EventDraft[] Logins { get; }

    public IReadOnlyList<AccessPoint> LinesAt(City city) => _lines.TryGetValue(city, out var lines) ? lines : [];
}
