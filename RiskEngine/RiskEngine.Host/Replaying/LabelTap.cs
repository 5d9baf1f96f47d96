using System.Collections.Concurrent;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Host.Replaying;

/// <summary>Sets labels of simulated attacks aside before the events are parsed, and compares them with the decisions afterwards.</summary>
/// <remarks>
/// The format it wraps never sees them: they are found by the position of their record once the engine has decided. One thread parses, one observes.
/// </remarks>
/// <param name="incidents">Puts what is judged together into incidents; null where nobody asks for them.</param>
internal sealed class LabelTap(ReplayedIncidents? incidents = null) : IPipelineObserver
{
    private readonly ConcurrentDictionary<long, AttackLabel> _labels = new();
    private readonly Referee _referee = new();

    /// <summary>Gets whether any label was seen: only then is there something to compare.</summary>
    public bool HasLabels { get; private set; }

    /// <summary>Gets the periods of attack, all of them.</summary>
    public ReplayedAttacks Attacks { get; } = new();

    public RefereeReport Report() => _referee.Report();

    public IEventFormat Wrap(IEventFormat format) => new Tapped(this, format);

    public void Committed(Effects effects, in BatchTiming timing)
    {
        var batch = effects.Batch;
        Attacks.Observe(effects);
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var e = ref batch[i];
            ref readonly var assessment = ref effects[i];
            var label = _labels.TryRemove(batch.Positions[i].Offset, out var found) ? found : e.IsAttack ? Takeover : null;
            if (label is not null) HasLabels = true;
            if (!assessment.Judged) continue;
            Attacks.Observe(label, e.OccurredAt);
            incidents?.Observe(effects, i, label);
            _referee.Observe(new RefereeObservation
            {
                Label = label,
                Kind = e.Kind,
                Subject = effects.View[i].SubjectKey,
                SourceIp = e.SourceIp,
                Action = (RefereeAction)assessment.Action,
                Level = (RefereeLevel)assessment.Level,
            });
        }
    }

    /// <summary>The label of a data set that says no more than "account takeover".</summary>
    private static AttackLabel Takeover { get; } = new("takeover", 0);

    private sealed class Tapped(LabelTap tap, IEventFormat format) : IEventFormat
    {
        public string Name => format.Name;

        public byte? CsvSeparator => format.CsvSeparator;

        public bool CsvQuotes => format.CsvQuotes;

        public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
        {
            if (AttackLabel.Read(record) is { } label) tap._labels[position.Offset] = label;
            return format.Parse(record, position, batch);
        }
    }
}
