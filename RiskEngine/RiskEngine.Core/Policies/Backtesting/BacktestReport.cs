using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What another policy would have decided about stored logins. Immutable but for its numbers, which <see cref="PolicyBacktest"/> fills.</summary>
public sealed class BacktestReport
{
    private const int Actions = 4;

    private readonly long[] _matrix = new long[Actions * (Actions + 1)];

    internal BacktestReport(CompiledPolicy policy)
    {
        PolicyVersion = policy.Version;
        Rules = [.. policy.Rules.Select(rule => new BacktestedRule(rule.Name, rule.Then))];
    }

    public string PolicyVersion { get; }

    /// <summary>Gets the judged events that were looked at, those under standing blocks included.</summary>
    public long Events { get; internal set; }

    public EventTime? First { get; internal set; }

    public EventTime? Last { get; internal set; }

    /// <summary>Gets those of <see cref="Events"/> whose decision under the policy cannot be told.</summary>
    public long Undecidable { get; internal set; }

    /// <summary>Gets those which a standing block decided: whose it was is not stored, so they stand apart, neither in the matrix nor among the changes.</summary>
    public long UnderStandingBlocks { get; internal set; }

    /// <summary>Gets those of <see cref="UnderStandingBlocks"/> which a rule of the policy would block by itself.</summary>
    public long StandingBlockedByRule { get; internal set; }

    /// <summary>Gets sign-ins that worked and scored below medium, and would be challenged or blocked although they were not.</summary>
    public long HonestHit { get; internal set; }

    /// <summary>Gets sign-ins that worked, scored below medium and were neither challenged nor blocked: what <see cref="HonestHit"/> is a part of.</summary>
    public long HonestSuccesses { get; internal set; }

    /// <summary>Gets ids of events of <see cref="HonestHit"/>, the first twenty.</summary>
    public IList<string> HonestExamples { get; } = [];

    public HitSubjects NewlyChallenged { get; } = new();

    public HitSubjects NewlyBlocked { get; } = new();

    public IReadOnlyList<BacktestedRule> Rules { get; }

    /// <summary>Events by what was decided and what would be.</summary>
    /// <param name="after">Null for what cannot be told.</param>
    public long this[DecisionAction before, DecisionAction? after]
    {
        get => _matrix[Place(before, after)];
        internal set => _matrix[Place(before, after)] = value;
    }

    /// <summary>Gets the events that would be decided otherwise.</summary>
    public long Changed => Enum.GetValues<DecisionAction>().Sum(before => Enum.GetValues<DecisionAction>().Where(after => after != before).Sum(after => this[before, after]));

    private static int Place(DecisionAction before, DecisionAction? after) => ((int)before * (Actions + 1)) + (after is { } known ? (int)known : Actions);
}

/// <summary>Events and subjects that something would newly happen to.</summary>
public sealed class HitSubjects
{
    private readonly HashSet<ulong> _subjects = [], _established = [];

    public long Events { get; private set; }

    public int Subjects => _subjects.Count;

    /// <summary>Gets those of <see cref="Subjects"/> who had logged in successfully before.</summary>
    public int Established => _established.Count;

    internal void Add(ulong subject, bool isEstablished)
    {
        Events++;
        _subjects.Add(subject);
        if (isEstablished) _established.Add(subject);
    }
}

/// <summary>One rule of the policy over stored logins.</summary>
public sealed class BacktestedRule(string name, DecisionAction then)
{
    public string Name { get; } = name;

    public DecisionAction Then { get; } = then;

    /// <summary>Gets events that it decides for certain.</summary>
    public long Hits { get; internal set; }

    /// <summary>Gets those of <see cref="Hits"/> that were decided otherwise.</summary>
    public long Changed { get; internal set; }

    /// <summary>Gets those of <see cref="Hits"/> that were sign-ins which worked, scored below medium and were neither challenged nor blocked, and now would be.</summary>
    public long HonestHit { get; internal set; }

    /// <summary>Gets events that it might decide: what it asks of them is not stored.</summary>
    public long Undecidable { get; internal set; }

    /// <summary>Gets the fields that were missing there, as they are written in conditions.</summary>
    public IReadOnlyList<string> MissingFields { get; internal set; } = [];

    /// <summary>Gets ids of events of <see cref="Changed"/>, the first five.</summary>
    public IList<string> Examples { get; } = [];

    internal ulong Missing { get; set; }
}
