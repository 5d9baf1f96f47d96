namespace RiskEngine.Core.Events;

/// <summary>What became of an event on its way through the engine.</summary>
public enum EventOutcome : byte
{
    /// <summary>New; judged where its kind is judged.</summary>
    Accepted,
    /// <summary>Its id was seen before within the horizon: it leaves no trace.</summary>
    Duplicate,
    /// <summary>Older than the horizon within which repeats can be told: refused.</summary>
    TooOld,
    /// <summary>Judged and nothing more: a probe, or a question. Stores keep nothing of it.</summary>
    Probed,
    /// <summary>A person's word on an earlier event: it changed what is known of the subject and is no event itself. Stores keep its effects.</summary>
    Corrected,
    /// <summary>A hint: judged, and a block of minutes made where the policy blocks. Stores keep nothing else of it; the event itself is still to come.</summary>
    Hinted,
}

/// <summary>One piece of evidence as listed in an assessment.</summary>
/// <param name="Code">What was seen.</param>
/// <param name="Contribution">Evidence in nats after the discount of its group; the sum over all, plus the prior, is the log-odds of the score.</param>
/// <param name="Evidence">Evidence in nats as the detector gave it.</param>
/// <param name="A">First number of the reason; what it means depends on the code, see <c>SignalReasons</c>.</param>
/// <param name="B">Second number.</param>
/// <param name="C">Third number.</param>
/// <param name="Detail">Words of the reason that are not numbers (names of feeds), in the batch's buffer; mostly empty.</param>
public readonly record struct SignalRecord(SignalCode Code, double Contribution, double Evidence, double A, double B, double C, Slice Detail);

/// <summary>The assessment of one event of a batch, compact; its signals lie in a list beside it.</summary>
public struct AssessmentRecord
{
    public EventOutcome Outcome;

    /// <summary>Whether the event was judged; false for duplicates, refused events and kinds that are only kept.</summary>
    public bool Judged;

    public RiskLevel Level;
    public DecisionAction Action;

    /// <summary>False in monitor mode and where a valve held the decision.</summary>
    public bool Enforced;

    /// <summary>Index of the rule that decided, in the policy that judged; −1 for none, −2 for a standing block, −3 for the allow list.</summary>
    public short Rule;

    /// <summary>Name of the valve that held the decision; null for none.</summary>
    public string? Valve;

    /// <summary>Log-odds; the score is 100 times its logistic.</summary>
    public double LogOdds;

    /// <summary>0 to 100.</summary>
    public double Score;

    public DegradedFacts Degraded;

    /// <summary>Where its signals start in the list, and how many there are.</summary>
    public int SignalStart;
    public int SignalCount;

    /// <summary>Facts as used: what the event gave, else the look-up.</summary>
    public CountryCode Country;
    public uint Asn;

    /// <summary>What policies could ask beside.</summary>
    public JudgedFacts Known;

    /// <summary>The standing block or allow entry that decided; null for none.</summary>
    public Block? MatchedBlock;

    /// <summary>Whether the rule that decided wants people to be told.</summary>
    public bool Notify;

    /// <summary>Whether the login was taken into the subject's profile.</summary>
    public bool Learned;

    /// <summary>Special values of <see cref="Rule"/>.</summary>
    public const short NoRule = -1, StandingBlock = -2, AllowList = -3;
}
