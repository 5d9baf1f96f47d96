using RiskEngine.Core.Events;
using RiskEngine.Simulation.Attacks;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation;

/// <summary>Believable login traffic: people who live their days, machines that work, and attackers among them, as canonical JSON in time order.</summary>
/// <remarks>
/// First come lines of months before the run, of accounts that nobody has used since. Then, day by day: everybody's day is drafted, then the campaigns that begin on it, then all of it is sorted and told. What reaches into the next day is
/// carried over; what reaches beyond the end of the run is dropped. Memory grows with the number of people and the busiest day, not with the days.
/// Attackers' lines carry the field <c>label</c> (<see cref="AttackLabel"/>); everything else about them is written by the same code as for honest
/// people. Honest lines are the same bytes whichever attacks run beside them. There is no daylight saving. Instances are immutable; each call starts over.
/// </remarks>
public sealed class SimulatedTraffic
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    private readonly SimulationSettings _settings;

    /// <exception cref="ArgumentException">The settings have faults; ask <see cref="SimulationSettings.Faults"/> first.</exception>
    public SimulatedTraffic(SimulationSettings settings)
    {
        if (settings.Faults() is [var first, ..]) throw new ArgumentException(first.ToString(), nameof(settings));
        _settings = settings;
    }

    /// <summary>Pulls one event after the other. Times never decrease.</summary>
    public IEnumerable<SimulatedLine> Lines()
    {
        using var writer = new EventWriter();
        foreach (var draft in Drafts()) yield return new SimulatedLine(draft.OccurredAt, writer.Write(draft));
    }

    /// <summary>Writes all events, each on a line that ends with a line feed.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two lines.</exception>
    public void WriteTo(Stream output, CancellationToken cancellation = default)
    {
        foreach (var line in Lines())
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(line.Json.Span);
            output.WriteByte((byte)'\n');
        }
    }

    private IEnumerable<EventDraft> Drafts()
    {
        var seed = (ulong)_settings.Seed;
        var start = EventTime.From(_settings.Start);
        var internet = new Internet(seed);
        var population = new Population(_settings.Users, _settings.Days, start, internet, seed);
        var plan = new AttackPlan(_settings, seed, new AttackerHosts(internet, seed), population.Directory);
        foreach (var draft in population.Remember()) yield return draft;
        var drafts = new List<EventDraft>();
        for (var number = 0; number < _settings.Days; number++)
        {
            var day = start + TimeSpan.FromDays(number);
            var carried = drafts.Count;
            population.Live(day, drafts);
            plan.Run(number, day, new DayTraffic(drafts.Skip(carried)), drafts);

            // Stable, so that events of one millisecond stay in the order in which they were drafted.
            var ordered = drafts.OrderBy(draft => draft.OccurredAt.UnixMilliseconds).ToList();
            var told = ordered.FindIndex(draft => draft.OccurredAt >= day + OneDay);
            if (told < 0) told = ordered.Count;
            for (var i = 0; i < told; i++) yield return ordered[i];
            drafts = ordered[told..];
        }
    }
}
