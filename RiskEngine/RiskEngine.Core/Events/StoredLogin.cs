namespace RiskEngine.Core.Events;

/// <summary>A judged event and its assessment as read back from a store, in the form that policies look at: one object, filled anew for every row.</summary>
/// <remarks>What is not stored (the ids of session and device) is "not given" here. Not thread-safe; allocates nothing once its buffers have grown.</remarks>
public sealed class StoredLogin
{
    private SignalRecord[] _signals = new SignalRecord[64];

    /// <summary>Gets the batch that holds the event, and nothing else.</summary>
    public EventBatch Batch { get; } = new(1);

    public ref LoginEvent Event => ref Batch[0];

    /// <summary>Gets or sets the first 64 bits of the subject's key: who it is, for counting.</summary>
    public ulong Subject { get; set; }

    /// <summary>Gets or sets the Unix second of the subject's first accepted login, as its profile says today; zero where it has none.</summary>
    public uint FirstLogin { get; set; }

    /// <summary>Gets or sets the country and the autonomous system as used: what the event gave, else the look-up.</summary>
    public CountryCode Country { get; set; }

    public uint Asn { get; set; }

    /// <summary>Gets or sets whether the event was judged; where it was not, what follows is empty.</summary>
    public bool Judged { get; set; }

    /// <summary>Gets or sets the risk score, 0 to 100.</summary>
    public double Score { get; set; }

    public RiskLevel Level { get; set; }

    public DecisionAction Action { get; set; }

    public bool Enforced { get; set; }

    /// <summary>Gets or sets the name of the rule that decided, or what stands for one (<see cref="StoredAssessment.StandingBlockRule"/>); empty for none.</summary>
    public string Rule { get; set; } = "";

    /// <summary>Gets or sets the name of the valve that held the decision; empty for none.</summary>
    public string Valve { get; set; } = "";

    public string PolicyVersion { get; set; } = "";

    public DegradedFacts Degraded { get; set; }

    /// <summary>Gets or sets what else was known; null in rows that a build wrote which did not keep it, together with groups, factors, reason and round trip.</summary>
    public JudgedFacts? Known { get; set; }

    public ReadOnlySpan<SignalRecord> Signals => _signals.AsSpan(0, SignalCount);

    public int SignalCount { get; private set; }

    /// <summary>Empties it for another event, which it returns for filling.</summary>
    public ref LoginEvent Begin()
    {
        Batch.Clear();
        SignalCount = 0;
        Batch.Add(default);
        return ref Batch[0];
    }

    /// <summary>Takes the assessment of the event before away.</summary>
    public void ClearAssessment()
    {
        (Level, Action, Enforced, Score, Degraded) = (RiskLevel.None, DecisionAction.Allow, false, 0, DegradedFacts.None);
        (Rule, Valve, PolicyVersion, Known) = ("", "", "", null);
    }

    public void Add(in SignalRecord signal)
    {
        if (SignalCount == _signals.Length) Array.Resize(ref _signals, SignalCount * 2);
        _signals[SignalCount++] = signal;
    }
}
