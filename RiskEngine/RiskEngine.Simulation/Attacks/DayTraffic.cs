using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>What attackers can build on: the day's successful logins of people, in time order, and the tokens in use.</summary>
/// <remarks>Victims are drawn from its rows, so that those who log in often are hit often. Immutable.</remarks>
internal sealed class DayTraffic
{
    private readonly Dictionary<City, List<AccessPoint>> _lines = [];
    private readonly HashSet<UInt128> _ended = [];

    public DayTraffic(IEnumerable<EventDraft> honest)
    {
        var logins = new List<EventDraft>();
        var tokens = new Dictionary<string, EventDraft>();
        foreach (var draft in honest)
        {
            if (draft is { Kind: EventKind.Login, Account.IsService: false }) logins.Add(draft);
            else if (draft.Kind == EventKind.TokenUsed) tokens.TryAdd(draft.Account!.Id, draft);
            else if (draft.Kind == EventKind.Logout) _ended.Add(draft.Session);
        }

        Logins = [.. logins.OrderBy(draft => draft.OccurredAt)];
        Tokens = [.. tokens.Values];
        foreach (var login in Logins)
        {
            var line = login.From!;
            if (line.Operator.Kind != OperatorKind.Residential || !line.Address.IsIPv4) continue;
            if (!_lines.TryGetValue(line.City, out var lines)) _lines[line.City] = lines = [];
            lines.Add(line);
        }
    }

    public EventDraft[] Logins { get; }

    /// <summary>Gets one use of every token of people and machines.</summary>
    public EventDraft[] Tokens { get; }

    public IReadOnlyList<AccessPoint> LinesAt(City city) => _lines.TryGetValue(city, out var lines) ? lines : [];

    /// <summary>Whether the session of that login was worth stealing: its owner did not log out of it that day.</summary>
    public bool StaysOpen(EventDraft login) => !_ended.Contains(login.Session);
}
