using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>A stretch of an incident in which one kind of thing happened without a longer pause.</summary>
public sealed class IncidentPhase
{
    private DecisionCounts _decisions;

    public required IncidentKind Kind { get; init; }

    public EventTime First { get; internal set; }

    public EventTime Last { get; internal set; }

    public long Events { get; internal set; }

    public DecisionCounts Decisions => _decisions;

    internal void Add(EventTime at, DecisionAction action)
    {
        if (at < First) First = at;
        if (at > Last) Last = at;
        Events++;
        _decisions.Add(action);
    }

    internal void Add(IncidentPhase other)
    {
        if (other.First < First) First = other.First;
        if (other.Last > Last) Last = other.Last;
        Events += other.Events;
        _decisions.Add(other._decisions);
    }
}

/// <summary>The phases of an incident, a bounded number of them.</summary>
/// <remarks>A phase ends after an hour without its kind. Beyond <see cref="Capacity"/> phases, each kind goes on in its last one, so pauses are no longer seen and nothing is lost.</remarks>
public sealed class Timeline
{
    /// <summary>Phases above which kinds that have one get no new one.</summary>
    public const int Capacity = 48;

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly List<IncidentPhase> _phases = [];
    private readonly IncidentPhase?[] _last = new IncidentPhase?[IncidentKinds.All.Count + 1];

    /// <summary>Gets the phases, in order of their beginnings.</summary>
    public IEnumerable<IncidentPhase> Phases => _phases.OrderBy(phase => phase.First).ThenBy(phase => phase.Kind);

    public void Add(IncidentKind kind, EventTime at, DecisionAction action)
    {
        ref var last = ref _last[(int)kind];
        if (last is null || (_phases.Count < Capacity && (at - last.Last > Pause || last.First - at > Pause)))
        {
            last = new IncidentPhase { Kind = kind, First = at, Last = at };
            _phases.Add(last);
        }

        last.Add(at, action);
    }

    public void Add(Timeline other)
    {
        foreach (var phase in other._phases)
        {
            ref var last = ref _last[(int)phase.Kind];
            if (last is not null && (_phases.Count >= Capacity || (phase.First - last.Last <= Pause && last.First - phase.Last <= Pause)))
            {
                last.Add(phase);
                continue;
            }

            _phases.Add(phase);
            if (last is null || phase.Last > last.Last) last = phase;
        }
    }
}
