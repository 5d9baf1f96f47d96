using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Policies;

/// <summary>A policy ready to judge: the first rule that holds, by priority and then by order, says what is to be done; where none holds, allow.</summary>
/// <remarks>
/// A rule that only notifies does not stand in the way of those behind it: where the first of them that holds challenges or blocks, that one decides, and people are told
/// beside. Immutable and thread-safe. Built only from a definition without faults.
/// </remarks>
public sealed class CompiledPolicy
{
    private readonly RuleIndex _index;
    private readonly bool[] _restsOnFailures;
    private readonly ulong[] _blocksAddress;
    private readonly ulong[] _notifies;
    private readonly (AddressPrefix[] Networks, byte[][] Groups)[] _trusted;

    private CompiledPolicy(PolicyDefinition definition, PolicyConditions conditions)
    {
        Definition = definition;
        var ordered = definition.Rules.Select((rule, i) => (Rule: rule, Condition: conditions.Rules[i]!)).OrderByDescending(pair => pair.Rule.Priority).ToList();
        _index = new RuleIndex([.. ordered.Select(pair => pair.Condition)], conditions.Schema);
        _restsOnFailures = [.. ordered.Select(pair => RestsOnFailures(pair.Rule, pair.Condition))];
        _blocksAddress = Bits(ordered.Select(pair => pair.Rule.BlocksAddress));
        _notifies = Bits(ordered.Select(pair => pair.Rule.Then == DecisionAction.Notify));
        _trusted = [.. definition.TrustedNetworks.Select(trusted => (trusted.Networks.ToArray(), trusted.Groups.Select(System.Text.Encoding.UTF8.GetBytes).ToArray()))];
        Rules = [.. ordered.Select(pair => pair.Rule)];
        Conditions = [.. ordered.Select(pair => pair.Condition)];
        RuleNames = [.. Rules.Select(rule => rule.Name)];
        Version = PolicyVersion.Of(definition, conditions);
        Feeds = conditions.Schema.Feeds.All;
        Cost = conditions.Cost;
    }

    public PolicyDefinition Definition { get; }

    public PolicyMode Mode => Definition.Mode;

    /// <summary>Gets the rules in the order they are asked; <see cref="PolicyMatch.Rule"/> points into it.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    public IReadOnlyList<string> RuleNames { get; }

    /// <summary>Gets the conditions of <see cref="Rules"/>.</summary>
    internal IReadOnlyList<Expression> Conditions { get; }

    /// <summary>Gets what finds the first of <see cref="Conditions"/> that holds.</summary>
    internal RuleIndex Index => _index;

    /// <summary>Gets the names of feeds: those it was built with, or where none were known those it asks for.</summary>
    public IReadOnlyList<string> Feeds { get; }

    /// <summary>Gets the steps that deciding may take for one login, at most <see cref="ExpressionLimits.PolicyCost"/>.</summary>
    public long Cost { get; }

    /// <summary>Gets what deciding takes for one login at most, whatever its texts, from <see cref="Cost"/>: an upper bound on a machine like that of docs/benchmarks.md.</summary>
    public TimeSpan WorstTime => TimeSpan.FromMicroseconds(Cost * ExpressionLimits.StepNanoseconds / 1000.0);

    /// <summary>Gets the <c>policy_version</c> of assessments: twelve hexadecimal digits that change with anything that can change a decision.</summary>
    public string Version { get; }

    /// <summary>Checks a policy and builds it.</summary>
    /// <param name="feeds">Names of the feeds by their index in the facts that will be judged with; null where they are not known, which checks no names of feeds.</param>
    /// <param name="faults">All that is wrong; empty when it is built.</param>
    /// <returns>Null where anything is wrong.</returns>
    public static CompiledPolicy? TryCompile(PolicyDefinition definition, IReadOnlyList<string>? feeds, out IReadOnlyList<PolicyFault> faults) => TryCompile(definition, feeds, null, out faults);

    /// <param name="now">When it is checked, for ends that are too far away; null where nobody knows the time, which checks none.</param>
    public static CompiledPolicy? TryCompile(PolicyDefinition definition, IReadOnlyList<string>? feeds, EventTime? now, out IReadOnlyList<PolicyFault> faults)
    {
        faults = PolicyCheck.Validate(definition, feeds, now, out var conditions);
        return faults.Count > 0 ? null : new CompiledPolicy(definition, conditions);
    }

    /// <summary>Builds a policy that is known to be right, as in code and tests.</summary>
    /// <exception cref="ArgumentException">It is not; the message lists every fault.</exception>
    public static CompiledPolicy Compile(PolicyDefinition definition, IReadOnlyList<string>? feeds = null) =>
        TryCompile(definition, feeds, out var faults) ?? throw new ArgumentException(string.Join("; ", faults), nameof(definition));

    /// <summary>Finds the rule that decides. Allocates nothing.</summary>
    /// <param name="score">0 to 100.</param>
    /// <param name="signals">Signals with contributions after discount.</param>
    /// <param name="addressReputation">−5 to 5; NaN for unknown.</param>
    /// <param name="liftAddressBlocks">True under an allow entry: rules that block an address are passed over.</param>
    public PolicyMatch Decide(
        in LoginContext context, RiskLevel level, double score, ReadOnlySpan<SignalRecord> signals, float addressReputation, bool liftAddressBlocks = false)
    {
        var frame = new Frame(context, level, score, signals, addressReputation, this);
        var (found, told, lifted) = (-1, -1, false);
        Span<ulong> skip = stackalloc ulong[_index.Words];
        skip.Clear();
        while ((found = _index.First(ref frame, skip)) >= 0)
        {
            if (Rules[found].Then == DecisionAction.Notify)
            {
                told = found;
                Add(_notifies, skip);
                AddUpTo(found, skip);
            }
            else if (liftAddressBlocks && Rules[found].BlocksAddress)
            {
                lifted = true;
                Add(_blocksAddress, skip);
                AddUpTo(found, skip);
            }
            else
            {
                break;
            }
        }

        if (told >= 0 && (found < 0 || Rules[found].Then == DecisionAction.Allow)) found = told;
        if (found < 0) return new PolicyMatch(AssessmentRecord.NoRule, DecisionAction.Allow, BlockScope.Ip, Mode == PolicyMode.Enforce, Notify: false, RestsOnFailures: false, lifted);
        var rule = Rules[found];
        var enforced = Mode == PolicyMode.Enforce && rule.Mode != PolicyMode.Monitor;
        return new PolicyMatch((short)found, rule.Then, rule.BlockedScope, enforced, rule.Notify || (told >= 0 && told != found), _restsOnFailures[found], lifted);
    }

    /// <summary>Whether novelty is to be silent: the login comes from a network trusted for one of its groups.</summary>
    public bool IsTrusted(EventBatch batch, in LoginEvent login)
    {
        foreach (var (networks, groups) in _trusted)
        {
            if (IsIn(networks, login.SourceIp) && (groups.Length == 0 || IsMember(batch, login, groups))) return true;
        }

        return false;
    }

    /// <summary>Whether so many established subjects use an address that it must not be hit as a whole.</summary>
    /// <param name="now">Event time in Unix seconds.</param>
    public bool IsShared(in ReputationRow address, uint now) => address.Subjects.Count(now, ReputationRow.SubjectsEpoch) >= Definition.SharedAddressSubjects;

    /// <summary>Whether only failures speak, or the rule waits for one: a single mistyped password blocks nobody.</summary>
    private static bool RestsOnFailures(PolicyRule rule, Expression condition) =>
        !BlockGrounds.AreListed(condition) || (rule.BlockedScope != BlockScope.Session && FailureEvidence.IsNeeded(condition));

    /// <summary>One bit for each rule of which something is true.</summary>
    private ulong[] Bits(IEnumerable<bool> rules)
    {
        var bits = new ulong[_index.Words];
        foreach (var (rule, isSet) in rules.Index())
        {
            if (isSet) bits[rule >> 6] |= 1UL << (rule & 63);
        }

        return bits;
    }

    private static void Add(ulong[] bits, Span<ulong> to)
    {
        for (var word = 0; word < bits.Length; word++) to[word] |= bits[word];
    }

    /// <summary>Those before have been asked and did not hold: a login asks each condition once at most.</summary>
    private static void AddUpTo(int rule, Span<ulong> to)
    {
        to[..(rule >> 6)].Fill(ulong.MaxValue);
        to[rule >> 6] |= ulong.MaxValue >> (63 - (rule & 63));
    }

    private static bool IsIn(AddressPrefix[] networks, IpAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }

    private static bool IsMember(EventBatch batch, in LoginEvent login, byte[][] groups)
    {
        foreach (var group in batch.List(login.Groups))
        {
            foreach (var trusted in groups)
            {
                if (batch.Text(group).SequenceEqual(trusted)) return true;
            }
        }

        return false;
    }
}
