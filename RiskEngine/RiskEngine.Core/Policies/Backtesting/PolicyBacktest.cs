using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>Asks a policy about stored logins: what would have been decided otherwise, and whom it would have hit.</summary>
/// <remarks>
/// <para>
/// Rules are asked in order about what is stored, those that the index of the policy does not rule out by fields that are known. A rule that asks something which is not stored may or may not hold; where that makes a
/// difference to the decision, the event is undecidable and counted as such, and nothing is guessed. Scores and signals are those of then.
/// </para>
/// <para>
/// A block is what the rule wants. Who may be hit is asked live and cannot be asked again, so a block that is new here may have become a challenge.
/// Where the same policy judged then, or a rule of the current one that wants the same blocked, what became of it is known and is kept.
/// </para>
/// <para>Not thread-safe. Allocates for examples and for subjects that are hit, not for each login.</para>
/// </remarks>
public sealed class PolicyBacktest
{
    private const int RuleExamples = 5, HonestExamples = 20;

    private readonly CompiledPolicy _policy;
    private readonly CompiledPolicy? _current;
    private readonly PartialCondition[] _conditions;
    private readonly Dictionary<string, int> _rules;
    private readonly StoredContext _context;
    private readonly List<int> _possible = [];

    /// <param name="policy">The policy that is tried.</param>
    /// <param name="current">The policy in use, by which most of the stored logins were judged; null where it is not known.</param>
    public PolicyBacktest(CompiledPolicy policy, CompiledPolicy? current)
    {
        (_policy, _current) = (policy, current);
        _conditions = [.. policy.Conditions.Select(condition => new PartialCondition(condition))];
        _rules = policy.RuleNames.Select((name, i) => (name, i)).ToDictionary(rule => rule.name, rule => rule.i);
        _context = new StoredContext(_conditions.Any(condition => (condition.Fields & StoredFields.OfDevice) != 0));
        Report = new BacktestReport(policy);
    }

    /// <summary>Gets what was found so far.</summary>
    public BacktestReport Report { get; }

    /// <summary>Asks about one login.</summary>
    public void Add(StoredLogin login)
    {
        Report.Events++;
        var at = login.Event.OccurredAt;
        if (Report.First is not { } first || at < first) Report.First = at;
        if (Report.Last is not { } last || at > last) Report.Last = at;
        _context.Set(login);
        var (rule, after) = Decide(login);
        if (login.Rule == StoredAssessment.StandingBlockRule && login.PolicyVersion != _policy.Version)
        {
            Report.UnderStandingBlocks++;
            if (after == DecisionAction.Block) Report.StandingBlockedByRule++;
            return;
        }

        Count(login, rule, after);
    }

    /// <summary>The rule that decides, and what it decides; no rule where several might, no action where they differ.</summary>
    private (int Rule, DecisionAction? Action) Decide(StoredLogin login)
    {
        if (login.PolicyVersion == _policy.Version) return (_rules.GetValueOrDefault(login.Rule, -1), login.Action);

        var unknown = StoredFields.UnknownOf(login, _policy);
        var isLifted = login.Rule == StoredAssessment.AllowListRule;
        var frame = new Frame(_context.Of(login), login.Level, login.Score, login.Signals, login.Known?.AddressReputation ?? StoredFields.NumberOf(login, SignalCode.AddressReputation), _policy);
        _possible.Clear();
        var (decided, told) = (-1, -1);
        Span<ulong> candidates = stackalloc ulong[_policy.Index.Words];
        if (candidates.Length > 0) _policy.Index.Narrow(ref frame, unknown, candidates);
        for (var rule = NextOf(candidates, 0); rule >= 0; rule = NextOf(candidates, rule + 1))
        {
            if (isLifted && _policy.Rules[rule].BlocksAddress) continue;
            var truths = _conditions[rule].Of(ref frame, login, unknown);
            if ((truths & Truths.True) == Truths.None) continue;
            // Of rules that notify the first counts, and it leaves the others to say more.
            var notifies = _policy.Rules[rule].Then == DecisionAction.Notify;
            if (notifies && told >= 0) continue;
            if (truths != Truths.True)
            {
                _possible.Add(rule);
            }
            else if (notifies)
            {
                told = rule;
            }
            else
            {
                decided = rule;
                break;
            }
        }

        if (told >= 0 && (decided < 0 || _policy.Rules[decided].Then == DecisionAction.Allow)) decided = told;
        var action = decided < 0 ? DecisionAction.Allow : ActionOf(decided, login);
        var (isCertain, isTold) = (true, true);
        foreach (var rule in _possible)
        {
            // Telling people beside makes no difference to what is done.
            if (action >= DecisionAction.Challenge && _policy.Rules[rule].Then == DecisionAction.Notify) continue;
            isCertain = false;
            Report.Rules[rule].Undecidable++;
            Report.Rules[rule].Missing |= _conditions[rule].Fields & unknown;
            isTold &= (told >= 0 && told < rule && _policy.Rules[rule].Then == DecisionAction.Allow ? DecisionAction.Notify : ActionOf(rule, login)) == action;
        }

        return (isCertain ? decided : -1, isTold ? action : null);
    }

    /// <summary>The number of the first bit that is set, from one on; −1 for none.</summary>
    private static int NextOf(ReadOnlySpan<ulong> bits, int from)
    {
        for (var word = from >> 6; word < bits.Length; word++, from = word << 6)
        {
            if ((bits[word] >> (from & 63)) is var rest && rest != 0) return from + System.Numerics.BitOperations.TrailingZeroCount(rest);
        }

        return -1;
    }

    private DecisionAction ActionOf(int rule, StoredLogin login)
    {
        var wanted = _policy.Rules[rule];
        return wanted.Then == DecisionAction.Block && WantedTheSame(login, wanted) ? login.Action : wanted.Then;
    }

    /// <summary>Whether the rule that decided then wanted the same blocked, so that what became of it holds here as well.</summary>
    private bool WantedTheSame(StoredLogin login, PolicyRule wanted)
    {
        if (_current is null || login.PolicyVersion != _current.Version || login.Valve.Length > 0) return false;
        foreach (var rule in _current.Rules)
        {
            if (rule.Name == login.Rule) return rule.Then == DecisionAction.Block && rule.BlockedScope == wanted.BlockedScope;
        }

        return false;
    }

    private void Count(StoredLogin login, int rule, DecisionAction? after)
    {
        var before = login.Action;
        Report[before, after]++;
        var isHonest = BlockGrounds.IsSuccess(login.Event.Kind) && login.Level < RiskLevel.Medium && before < DecisionAction.Challenge;
        if (isHonest) Report.HonestSuccesses++;
        if (after is not { } action) Report.Undecidable++;
        else if (action > before && action >= DecisionAction.Challenge) CountHit(login, rule, action, isHonest);
        if (rule < 0) return;
        var hit = Report.Rules[rule];
        hit.Hits++;
        if (after == before) return;
        hit.Changed++;
        if (hit.Examples.Count < RuleExamples) hit.Examples.Add(login.Batch.String(login.Event.Id));
    }

    private void CountHit(StoredLogin login, int rule, DecisionAction action, bool isHonest)
    {
        var hit = action == DecisionAction.Block ? Report.NewlyBlocked : Report.NewlyChallenged;
        hit.Add(login.Subject, _context.IsEstablished);
        if (!isHonest) return;
        Report.HonestHit++;
        if (rule >= 0) Report.Rules[rule].HonestHit++;
        if (Report.HonestExamples.Count < HonestExamples) Report.HonestExamples.Add(login.Batch.String(login.Event.Id));
    }

    /// <summary>Names the fields that were missing, once all logins were added.</summary>
    public BacktestReport Finish()
    {
        var fields = PolicySchema.For(null).ById;
        foreach (var rule in Report.Rules) rule.MissingFields = [.. fields.Where(field => (rule.Missing & StoredFields.Bits(field.Id)) != 0).Select(field => field.Path)];
        return Report;
    }
}
