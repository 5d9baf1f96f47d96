using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Replaying;

/// <summary>Counts what a replay saw and decided. Fed by one thread at a time.</summary>
internal sealed class ReplayStatistics : IPipelineObserver
{
    private const int KeptRejections = 20;

    public long Events { get; private set; }

    public long Judged { get; private set; }

    public long Duplicates { get; private set; }

    public long TooOld { get; private set; }

    public long[] Levels { get; } = new long[Enum.GetValues<RiskLevel>().Length];

    public long[] Actions { get; } = new long[Enum.GetValues<DecisionAction>().Length];

    public long[] Signals { get; } = new long[Enum.GetValues<SignalCode>().Length];

    public SortedDictionary<string, long> Rejected { get; } = [];

    /// <summary>Gets the first rejected records, to be told one by one.</summary>
    public List<RejectedRecord> FirstRejected { get; } = [];

    /// <summary>Gets whether reading ended before its input did: damaged, not readable any further, or no text.</summary>
    public bool BrokeOff => Rejected.ContainsKey(DefectReason.Unreadable.Name()) || Rejected.ContainsKey(DefectReason.Binary.Name());

    public long RejectedCount => Rejected.Values.Sum();

    public long BlocksMade { get; private set; }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        Events += effects.Count;
        BlocksMade += effects.NewBlocks.Count;
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var assessment = ref effects[i];
            if (assessment.Outcome == EventOutcome.Duplicate) Duplicates++;
            if (assessment.Outcome == EventOutcome.TooOld) TooOld++;
            if (!assessment.Judged) continue;
            Judged++;
            Levels[(int)assessment.Level]++;
            Actions[(int)assessment.Action]++;
            foreach (ref readonly var signal in effects.Signals(assessment)) Signals[(int)signal.Code]++;
        }
    }

    public void Reject(IEnumerable<RejectedRecord> records)
    {
        foreach (var record in records)
        {
            var reason = record.Defect.Reason.Name();
            Rejected[reason] = Rejected.GetValueOrDefault(reason) + 1 + record.More;
            if (FirstRejected.Count < KeptRejections) FirstRejected.Add(record);
        }
    }
}
