using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Decisions;

/// <summary>Turns what a rule wants into what is done: allow list, standing blocks, who may be hit, valve, mode.</summary>
/// <remarks>
/// In this order: an allow entry lifts blocks of the address; a standing block decides; else the rule does. A block that may hit nothing, or that
/// the valve holds, becomes a challenge and never an allow. So does an automated block of an address for an established subject that signs in with
/// something it has used before: addresses change hands, and whoever copies a user agent still meets the challenge. Pure: the same login, entries and valve give the same decision. Immutable, thread-safe.
/// </remarks>
/// <param name="operatorAddresses">Where administrators come from (<c>http.operator_addresses</c> and the last administrator seen): never blocked by a rule.</param>
public sealed class DecisionMaker(CompiledPolicy policy, KeyedHash hash, IReadOnlyList<AddressPrefix> operatorAddresses)
{
    /// <summary>Accepted logins that make an address one of the subject's own.</summary>
    private const int OwnAddressLogins = 3;

    /// <summary>Seconds since the first login from an address that make it one of the subject's own: whoever attacks from it today was not there then.</summary>
    private const uint OwnAddressAge = 86_400;

    /// <summary>Days for which a subject that was challenged at a blocked address, and not refused, is known there.</summary>
    private const int SparedDays = 7;

    private readonly BlockTarget _target = new(policy, operatorAddresses);
    private readonly BlockBuilder _builder = new(policy, hash);

    /// <summary>Decides. Allocates only where a new block is made.</summary>
    /// <param name="match">From <see cref="CompiledPolicy.Decide"/>, with <c>liftAddressBlocks</c> where there is an allow entry.</param>
    /// <param name="standing">From <see cref="StandingEntries.Find"/>.</param>
    /// <param name="signals">Signals of the login, for the reason of a new block.</param>
    /// <param name="isValveTripped">From <see cref="SafetyValve.IsTripped"/>.</param>
    public Decision Decide(in LoginContext context, in PolicyMatch match, in StandingEntries standing, ReadOnlySpan<SignalRecord> signals, bool isValveTripped)
    {
        if (standing.Block is { } block && IsObeyed(block, context)) return ByStandingBlock(block, context);
        if (match.Action == DecisionAction.Block) return ByBlockingRule(context, match, standing, signals, isValveTripped);

        var isAllowed = match.Lifted && match.Action == DecisionAction.Allow;
        return new Decision
        {
            Action = match.Action,
            Enforced = match.IsEnforced,
            Rule = isAllowed ? AssessmentRecord.AllowList : match.Rule,
            Matched = match.Lifted ? standing.Allow : null,
            Notify = match.Notify,
        };
    }

    /// <summary>Whether a standing block decides. One that a rule made while monitoring does not, once rules are enforced: the rule is asked anew.</summary>
    private bool IsObeyed(Block block, in LoginContext context)
    {
        if (block.Origin != BlockOrigin.Policy) return true;
        if (StandingEntries.IsAboutAddress(block.Scope) && !_target.MayHitAddress(context)) return false;
        return block.Enforced || policy.Mode == PolicyMode.Monitor;
    }

    private Decision ByStandingBlock(Block block, in LoginContext context)
    {
        var isAutomated = block.Origin == BlockOrigin.Policy;
        var enforced = block.Enforced && (!isAutomated || policy.Mode == PolicyMode.Enforce);
        // Subjects that use the address were counted when the block was made; who is newly hit came from elsewhere with a device of theirs.
        var isNewlyHit = enforced && isAutomated && context.IsFamiliar && context.Summary.SameAddress == 0;
        return new Decision
        {
            Action = isAutomated && IsSpared(context, block.Scope) ? DecisionAction.Challenge : DecisionAction.Block,
            Enforced = enforced,
            Rule = AssessmentRecord.StandingBlock,
            Matched = block,
            NewlyHit = isNewlyHit ? 1 : 0,
        };
    }

    private Decision ByBlockingRule(in LoginContext context, in PolicyMatch match, in StandingEntries standing, ReadOnlySpan<SignalRecord> signals, bool isValveTripped)
    {
        var challenge = new Decision { Action = DecisionAction.Challenge, Enforced = match.IsEnforced, Rule = match.Rule, Notify = match.Notify };
        if (_target.Narrow(context, match) is not { } scope) return challenge;
        if (isValveTripped && match.IsEnforced) return challenge with { Enforced = false, Valve = SafetyValve.Name };

        var isStanding = standing.Block is { } standingBlock && _builder.IsFor(standingBlock, scope) && standingBlock.Enforced == match.IsEnforced;
        var isNew = !isStanding && !context.Event.Probe;
        return challenge with
        {
            Action = IsSpared(context, scope) ? DecisionAction.Challenge : DecisionAction.Block,
            Matched = isStanding ? standing.Block : null,
            NewBlock = isNew ? _builder.Build(context, match, scope, signals) : null,
            NewlyHit = isNew && match.IsEnforced ? CountHit(context, scope) : 0,
        };
    }

    /// <summary>Whether the login is challenged where its address is blocked by a rule: the subject brings something of its own, or the address is its own.</summary>
    private static bool IsSpared(in LoginContext context, BlockScope scope) =>
        StandingEntries.IsAboutAddress(scope) && context.IsEstablished
        && (IsOwnAddress(context) || (context.IsSuccessOrAttempt && (context.IsFamiliar || context.Summary.SameUserAgent > 0)));

    private static bool IsOwnAddress(in LoginContext context) => context.Summary.SameAddress >= OwnAddressLogins
        || (context.Pair.SparedDay != 0 && context.Event.OccurredAt.UnixDays - context.Pair.SparedDay <= SparedDays)
        || (context.Summary.SameAddress > 0 && context.Summary.FirstAtAddress + OwnAddressAge <= context.Now);

    /// <summary>Established subjects that lose access by a new block of that scope.</summary>
    private static int CountHit(in LoginContext context, BlockScope scope)
    {
        var users = scope switch
        {
            BlockScope.Ip => context.Address.Subjects.Count(context.Now, ReputationRow.SubjectsEpoch),
            BlockScope.Range => context.Network.Subjects.Count(context.Now, ReputationRow.SubjectsEpoch),
            BlockScope.Subject or BlockScope.Session => context.IsEstablished ? 1 : 0,
            _ => context.Summary.SameAddress > 0 ? 1 : 0,
        };
        var isGuest = context.Summary.SameAddress == 0 && context.IsFamiliar && scope is BlockScope.Ip or BlockScope.Range or BlockScope.Pair;
        return (int)MathF.Round(users) + (isGuest ? 1 : 0);
    }
}
