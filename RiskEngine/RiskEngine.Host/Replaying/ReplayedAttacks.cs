using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Host.Replaying;

/// <summary>The periods of attack of a replay, and how they fit the campaigns where events carry labels. Fed by one thread at a time.</summary>
internal sealed class ReplayedAttacks
{
    private readonly SortedDictionary<uint, AttackPeriod> _periods = [];
    private readonly AttackPeriodReferee _referee = new();

    /// <summary>Gets every period as it was told last, in the order they were found.</summary>
    public IReadOnlyCollection<AttackPeriod> Periods => _periods.Values;

    public void Observe(Effects effects)
    {
        foreach (var period in effects.AttackChanges) _periods[period.Number] = period;
    }

    public void Observe(AttackLabel? label, EventTime at) => _referee.Observe(label, at);

    /// <summary>The figures, once everything was observed.</summary>
    public AttackPeriodFigures Figures() => _referee.Report(
        [.. _periods.Values.Select(period => new FoundPeriod(period.Kind.Name(), period.Kind.IsAttack(), EventTime.FromUnixSeconds(period.Start), EventTime.FromUnixSeconds(period.LastSeen)))]);
}
