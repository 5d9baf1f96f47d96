using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.State;

/// <summary>What judging one batch came to: an assessment per event, changed rows, new blocks. All of it is committed, or none.</summary>
/// <remarks>Made to be reused. Not thread-safe: one stage owns it at a time.</remarks>
public sealed class Effects
{
    private AssessmentRecord[] _assessments = new AssessmentRecord[1024];
    private SignalRecord[] _signals = new SignalRecord[4096];

    /// <summary>Gets or sets the events judged. Owned together with the effects until the commit is done.</summary>
    public EventBatch Batch { get; set; } = new(0);

    /// <summary>Gets the state that was loaded, with the rows that changed marked dirty.</summary>
    public StateView View { get; } = new();

    /// <summary>Gets blocks that rules made; their ids are given out by the store.</summary>
    public List<NewBlock> NewBlocks { get; } = [];

    /// <summary>Gets what the audit is to say of the batch, stored with it.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>Gets what is owed to responders because of the batch, stored with it.</summary>
    public List<OutboxItem> Owed { get; } = [];

    /// <summary>Gets challenges that changed, stored with the batch; of two states of one the last counts.</summary>
    public List<Challenge> Challenges { get; } = [];

    /// <summary>Gets successful logins by day, in days since 1970, to be added to those stored.</summary>
    public Dictionary<int, long> LoginDays { get; } = [];

    /// <summary>Gets periods of attack that were found or ended while judging, in order.</summary>
    public List<AttackPeriod> AttackChanges { get; } = [];

    /// <summary>Gets or sets the kinds of attack of which a period was open at any time while judging.</summary>
    public AttackKinds Attacks { get; set; }

    /// <summary>Gets or sets how far scores have moved since the model was new, see <see cref="ScoreDrift.Index"/>.</summary>
    public double Drift { get; set; }

    /// <summary>Gets or sets the versions that judged, for what is written.</summary>
    public string PolicyVersion { get; set; } = "";

    public string ModelVersion { get; set; } = "";

    public string FactsVersion { get; set; } = "";

    /// <summary>Gets or sets names of the policy's rules, by the index that assessments hold.</summary>
    public IReadOnlyList<string> RuleNames { get; set; } = [];

    /// <summary>Gets or sets the prior in nats that scores start from.</summary>
    public double Prior { get; set; }

    /// <summary>Gets or sets cursors of sources to be stored with the effects, by the source's name.</summary>
    public IReadOnlyDictionary<string, string>? Cursors { get; set; }

    public int Count { get; private set; }

    public ref AssessmentRecord this[int index] => ref _assessments[index];

    public int SignalCount { get; private set; }

    /// <summary>The signals of an assessment, in the order they were listed.</summary>
    public Span<SignalRecord> Signals(in AssessmentRecord assessment) => _signals.AsSpan(assessment.SignalStart, assessment.SignalCount);

    /// <summary>Gives room for that many signals; <see cref="KeepSignals"/> keeps those that were written.</summary>
    public Span<SignalRecord> ReserveSignals(int count)
    {
        if (_signals.Length - SignalCount < count) Array.Resize(ref _signals, Math.Max(_signals.Length * 2, SignalCount + count));
        return _signals.AsSpan(SignalCount, count);
    }

    /// <summary>Makes the first <paramref name="count"/> signals of the room given last those of an assessment.</summary>
    public void KeepSignals(ref AssessmentRecord assessment, int count)
    {
        (assessment.SignalStart, assessment.SignalCount) = (SignalCount, count);
        SignalCount += count;
    }

    /// <summary>Empties everything and makes room for that many assessments.</summary>
    public void Begin(EventBatch batch)
    {
        Batch = batch;
        if (_assessments.Length < batch.Count) _assessments = new AssessmentRecord[Math.Max(batch.Count, _assessments.Length * 2)];
        _assessments.AsSpan(0, batch.Count).Clear();
        Count = batch.Count;
        SignalCount = 0;
        NewBlocks.Clear();
        Audit.Clear();
        Owed.Clear();
        Challenges.Clear();
        LoginDays.Clear();
        AttackChanges.Clear();
        Attacks = AttackKinds.None;
        Cursors = null;
    }
}
