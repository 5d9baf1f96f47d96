using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;

namespace RiskEngine.Simulation.Refereeing;

/// <summary>A time during which the engine said that the whole fleet was under attack, or that something surged.</summary>
/// <param name="Kind">What it said.</param>
/// <param name="IsAttack">Whether it said attack.</param>
/// <param name="Start">When it was found.</param>
/// <param name="End">The newest event that counted.</param>
public sealed record FoundPeriod(string Kind, bool IsAttack, EventTime Start, EventTime End);

/// <summary>Compares periods of attack with the campaigns of a simulated stream: which were found, how soon, and which periods were nobody's.</summary>
/// <remarks>Observe every judged event, then ask with the periods. Keeps the times of attackers' events, not of honest ones. Not thread-safe.</remarks>
public sealed class AttackPeriodReferee
{
    /// <summary>Attacks that a fleet could notice as a whole; the others are about one account each.</summary>
    private static readonly string[] Guessing = ["brute_force", "spray", "stuffing", "distributed_brute_force", "slow_spray", "distributed_spray"];

    /// <summary>Time after the last event of a campaign in which its last hour is still counted.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Attack, int Campaign), List<EventTime>> _campaigns = [];
    private EventTime _first, _last;

    /// <param name="label">Whose event it is; null for honest people.</param>
    public void Observe(AttackLabel? label, EventTime at)
    {
        if (_first == default || at < _first) _first = at;
        if (at > _last) _last = at;
        if (label is null) return;
        if (!_campaigns.TryGetValue((label.Attack, label.Campaign), out var times)) _campaigns[(label.Attack, label.Campaign)] = times = [];
        times.Add(at);
    }

    /// <summary>The figures. A campaign is found by an attack that began, or was open, between its first event and an hour after its last.</summary>
    public AttackPeriodFigures Report(IReadOnlyList<FoundPeriod> periods)
    {
        var attacks = periods.Where(period => period.IsAttack).ToList();
        return new AttackPeriodFigures
        {
            Attacks = [.. Guessing.Select(attack => Figures(attack, [.. _campaigns.Where(pair => pair.Key.Attack == attack).Select(pair => pair.Value)], attacks)).Where(figures => figures.Campaigns > 0)],
            Periods = attacks.Count,
            FalsePeriods = attacks.Count(period => !IsSomebodys(period)),
            FalseHours = attacks.Where(period => !IsSomebodys(period)).Sum(period => (period.End - period.Start).TotalHours),
            Surges = periods.Count - attacks.Count,
            Days = _first == default ? 0 : (_last - _first).TotalDays,
        };
    }

    private static PeriodFigures Figures(string attack, List<EventTime>[] campaigns, List<FoundPeriod> periods)
    {
        var found = campaigns.Select(times => (Times: times, At: FoundAt(times, periods))).Where(campaign => campaign.At is not null).ToList();
        return new PeriodFigures
        {
            Attack = attack,
            Campaigns = campaigns.Length,
            Found = found.Count,
            Minutes = Median(found.Select(campaign => Math.Max((campaign.At!.Value - campaign.Times.Min()).TotalMinutes, 0))),
            Attempts = Median(found.Select(campaign => (double)campaign.Times.Count(at => at <= campaign.At))),
            Size = Median(campaigns.Select(times => (double)times.Count)),
        };
    }

    private static EventTime? FoundAt(List<EventTime> times, List<FoundPeriod> periods)
    {
        var (first, last) = (times.Min(), times.Max());
        var at = periods.Where(period => period.Start <= last + Patience && period.End >= first).Select(period => (EventTime?)(period.Start < first ? first : period.Start)).Min();
        return at;
    }

    private bool IsSomebodys(FoundPeriod period) => _campaigns.Any(pair => pair.Value.Min() <= period.End && pair.Value.Max() + Patience >= period.Start);

    private static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
