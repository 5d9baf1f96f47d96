using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>Finds everything that is wrong with a policy, so that it can be mended in one go.</summary>
public static class PolicyCheck
{
    /// <summary>Rules that a policy may have.</summary>
    public const int MaximumRules = 500;

    /// <summary>How far ahead the end of anything that allows may be, of a rule and of an entry of the allow list: a year, and time to renew it.</summary>
    public static readonly TimeSpan LongestAllowed = TimeSpan.FromDays(400);

    private static readonly BlockScope[] RuleScopes = [BlockScope.Ip, BlockScope.Range, BlockScope.Subject, BlockScope.Session, BlockScope.Pair];

    /// <param name="feeds">Names of configured feeds; null where they are not known.</param>
    /// <param name="now">When it is checked, for ends that are too far away; null where nobody knows the time, which checks none.</param>
    public static IReadOnlyList<PolicyFault> Validate(PolicyDefinition policy, IReadOnlyList<string>? feeds = null, EventTime? now = null) => Validate(policy, feeds, now, out _);

    /// <param name="conditions">The conditions as expressions, good only where there are no faults.</param>
    internal static IReadOnlyList<PolicyFault> Validate(PolicyDefinition policy, IReadOnlyList<string>? feeds, EventTime? now, out PolicyConditions conditions)
    {
        List<PolicyFault> faults = [];
        CheckWhole(policy, faults);
        conditions = PolicyConditions.Compile(policy, feeds, faults);
        for (var i = 0; i < policy.Rules.Count; i++)
        {
            var path = $"rules[{i}]";
            var rule = policy.Rules[i];
            CheckName(policy, i, faults);
            Require(rule.Priority is >= -1000 and <= 1000, $"{path}.priority", $"expected −1000 to 1000, found {rule.Priority}", faults);
            CheckConditions(rule.When, $"{path}.when", feeds, faults);
            if (rule.Then == DecisionAction.Block) CheckBlock(policy, rule, conditions.Rules[i], path, faults);
            else CheckOther(rule, path, faults);
            if (rule.Then == DecisionAction.Allow && conditions.Rules[i] is { } allowed && !AllowLimits.LiftsNothing(policy.Rules, i)) CheckAllow(allowed, now, path, faults);
            Require(
                conditions.Rules[i] is not { } condition || !FleetCondition.CanSoften(condition, rule.Then == DecisionAction.Allow), $"{path}.when",
                "anybody can bring an attack about, and it must not soften anything; ask fleet.under_attack, or \"password_spray\" in fleet.attacks, without ! in a rule that notifies, challenges or blocks, and not at all in one that allows", faults);
        }

        return faults;
    }

    private static void CheckWhole(PolicyDefinition policy, List<PolicyFault> faults)
    {
        var blocks = policy.Blocks;
        Require(policy.Rules.Count <= MaximumRules, "rules", $"a policy has at most {MaximumRules} rules, found {policy.Rules.Count}", faults);
        Require(policy.SharedAddressSubjects is >= 2 and <= 100, "shared_address_subjects", $"expected 2 to 100, found {policy.SharedAddressSubjects}", faults);
        Require(blocks.Cap >= TimeSpan.FromMinutes(1) && blocks.Cap <= TimeSpan.FromDays(30), "blocks.cap", $"expected 1m to 30d, found {Durations.Format(blocks.Cap)}", faults);
        Require(
            blocks.Duration >= TimeSpan.FromMinutes(1) && blocks.Duration <= blocks.Cap, "blocks.duration",
            $"expected 1m to the cap of {Durations.Format(blocks.Cap)}, found {Durations.Format(blocks.Duration)}", faults);
        Require(blocks.Factor is >= 1 and <= 10, "blocks.factor", $"expected 1 to 10, found {blocks.Factor}", faults);
        Require(blocks.Jitter is >= 0 and <= 0.5, "blocks.jitter", $"expected 0 to 0.5, found {blocks.Jitter}", faults);
    }

    private static void CheckName(PolicyDefinition policy, int index, List<PolicyFault> faults)
    {
        var name = policy.Rules[index].Name;
        var isWellFormed = name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        Require(isWellFormed, $"rules[{index}].name", $"expected 1 to 64 lower-case letters, digits and hyphens, found \"{name}\"", faults);
        Require(!policy.Rules.Take(index).Any(earlier => earlier.Name == name), $"rules[{index}].name", $"an earlier rule is called \"{name}\" too; rename one", faults);
    }

    private static void CheckConditions(RuleConditions when, string path, IReadOnlyList<string>? feeds, List<PolicyFault> faults)
    {
        Require(when.Score is null or (>= 0 and <= 100), $"{path}.score", $"expected 0 to 100, found {when.Score}", faults);
        Require(when.Reputation is null or (>= -5 and <= 5), $"{path}.reputation", $"expected −5 to 5, found {when.Reputation}", faults);
        CheckSignals(when.Signals, $"{path}.signals", faults);
        CheckSignals(when.SignalsAll, $"{path}.signals_all", faults);
        for (var i = 0; i < when.Kind.Count; i++)
        {
            Require(when.Kind[i].IsJudged(), $"{path}.kind[{i}]", $"events of kind {when.Kind[i].Name()} are not judged, so the rule would never hold; remove it", faults);
        }

        if (feeds is null) return;
        for (var i = 0; i < when.Feed.Count; i++)
        {
            Require(feeds.Contains(when.Feed[i]), $"{path}.feed[{i}]", $"no feed is called \"{when.Feed[i]}\"{NearestName.Suggest(when.Feed[i], [.. feeds])}", faults);
        }
    }

    private static void CheckSignals(IReadOnlyList<SignalCondition> signals, string path, List<PolicyFault> faults)
    {
        for (var i = 0; i < signals.Count; i++)
        {
            Require(signals[i].AtLeast is null or (>= -20 and <= 20), $"{path}[{i}].at_least", $"expected −20 to 20 nats, found {signals[i].AtLeast}", faults);
        }
    }

    private static void CheckBlock(PolicyDefinition policy, PolicyRule rule, Expression? condition, string path, List<PolicyFault> faults)
    {
        Require(
            rule.For is not { } duration || (duration >= TimeSpan.FromMinutes(1) && duration <= policy.Blocks.Cap), $"{path}.for",
            $"a rule's block lasts from 1m to the cap of {Durations.Format(policy.Blocks.Cap)}; only people block for longer or permanently", faults);
        Require(
            rule.Scope is not { } scope || RuleScopes.Contains(scope), $"{path}.scope",
            $"one login cannot block a whole {rule.Scope?.Name()}; challenge on the condition {rule.Scope?.Name()} instead, or let a person block it", faults);
        // A condition that could not be read would only cause further faults.
        if (condition is null) return;
        var lacking = BlockGrounds.Lacking(condition);
        if (lacking is not null) faults.Add(new PolicyFault($"{path}.then", Groundless(rule, condition, lacking)));
        Require(
            rule.Scope != BlockScope.Subject || BlockGrounds.RequireSuccess(condition), $"{path}.scope",
            "anybody could lock a subject out by failing in its name; add kind: [login]" + (rule.When.Expression is null ? "" : ", or && event.kind == \"login\"") + ", or use scope: pair", faults);
        if (lacking is null && rule.Scope is BlockScope.Subject or BlockScope.Session && BlockGrounds.LackingWord(condition) is { } unsaid)
            faults.Add(new PolicyFault($"{path}.scope", Unsaid(condition, unsaid)));
        Require(
            rule.Scope is BlockScope.Subject or BlockScope.Session or BlockScope.Pair || !BlockGrounds.RequireShared(condition), $"{path}.scope",
            "this holds only for addresses that many people share, which are never blocked whole; use scope: pair", faults);
    }

    private static string Groundless(PolicyRule rule, Expression condition, GroundlessPart lacking)
    {
        if (lacking is { Name: { } name, Failure: { } failure })
            return $"{name} says whom the rule is about and not that anything speaks against the login, and {failure} can be brought about by failing in somebody's name: the owner who signs in next would be blocked; "
                + "leave one of the two out, add reputation below 0, feed, network or a signal of lists or velocity from an address, or use then: challenge";
        return $"behaviour alone challenges, it never blocks{Where(condition, lacking)}; add reputation, feed, network or a signal of reputation, lists or velocity from an address to the condition"
            + (rule.When.Expression is null ? "" : " with && at its outermost level, as in … && reputation.address < 0 (every side of || needs one)") + ", or use then: challenge";
    }

    private static string Unsaid(Expression condition, GroundlessPart lacking) =>
        (lacking is { Name: { } name, Failure: { } failure }
            ? $"{name} says whom the rule is about, and {failure} can be brought about by failing in somebody's name; "
            : $"failures alone never block a subject or a session, also not the sign-in after them: an attacker fails and the owner comes{Where(condition, lacking)}; ")
        + "add a feed or a network (tor, vpn, datacentre), ask only names that people wrote down and nothing that failures bring about, or use scope: pair";

    private static string Where(Expression condition, GroundlessPart lacking) => ReferenceEquals(condition, lacking.Condition) ? "" : $", and nothing else speaks where {lacking.Condition} holds";

    private static void CheckOther(PolicyRule rule, string path, List<PolicyFault> faults)
    {
        Require(rule.For is null, $"{path}.for", $"only a block has a duration, and this rule says {rule.Then.Name()}; remove it", faults);
        Require(rule.Scope is null, $"{path}.scope", $"only a block has a scope, and this rule says {rule.Then.Name()}; remove it", faults);
    }

    private static void CheckAllow(Expression condition, EventTime? now, string path, List<PolicyFault> faults)
    {
        Require(
            !AllowLimits.AsksClaims(condition), $"{path}.when",
            "whoever attacks writes the user agent, so nothing is allowed by it; leave event.user_agent and device.browser, browser_version, os and class out of a rule that allows", faults);
        if (!AllowLimits.HasEnd(condition))
        {
            faults.Add(new PolicyFault($"{path}.then", "a rule that allows lifts every rule behind it, and needs an end; add until: 2027-01-31, or leave the rule out, since where no rule holds the login is allowed"));
        }
        else if (now is { } known && !AllowLimits.HasEnd(condition, known + LongestAllowed))
        {
            faults.Add(new PolicyFault($"{path}.then", $"what is allowed ends within {LongestAllowed.Days} days, and this does not; use an earlier until, and renew it when it comes near"));
        }
    }

    private static void Require(bool holds, string path, string message, List<PolicyFault> faults)
    {
        if (!holds) faults.Add(new PolicyFault(path, message));
    }
}
