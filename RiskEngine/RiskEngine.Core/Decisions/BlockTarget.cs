using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Decisions;

/// <summary>Who may be hit: narrows what a rule wants blocked to what may be blocked, or to nothing.</summary>
/// <remarks>
/// An address that is not public, that is an operator's own or that looks like a misread proxy is never hit, nor any pair with it. A shared
/// address gives way to the pair of subject and address. A subject is hit only for a sign-in that worked, never for failures, which anybody
/// can bring about; an address that only its established subject failed from is somebody who forgot a password at home;
/// and where only failures speak, they must have come from that address: the victim of an attack from elsewhere is not blocked for it, and a pair
/// must have failed three times itself, for a sprayer does not come back to a name and its owner does. While hardly anybody has logged in yet,
/// the address that most of them used is not hit.
/// </remarks>
public sealed class BlockTarget(CompiledPolicy policy, IReadOnlyList<AddressPrefix> operatorAddresses)
{
    /// <summary>Failures of a subject from an address before the two are blocked together.</summary>
    private const float PairFailures = 2.5f;

    /// <summary>The scope to block; null where nothing may be hit.</summary>
    public BlockScope? Narrow(in LoginContext context, in PolicyMatch match)
    {
        var wanted = match.Scope;
        if (wanted is (BlockScope.Subject or BlockScope.Session) && match.RestsOnFailures) return null;
        if (wanted == BlockScope.Subject) return BlockGrounds.IsSuccess(context.Event.Kind) ? BlockScope.Subject : null;
        if (wanted == BlockScope.Session) return context.Event.Session != 0 ? BlockScope.Session : null;
        if (!MayHitAddress(context) || IsOwnerAtHome(context) || MisreadProxy.CannotBeExcluded(context.Address, context.Fleet, context.Now)) return null;
        if (match.RestsOnFailures && !HasFailed(context, wanted)) return null;
        if (wanted == BlockScope.Range && (policy.IsShared(context.Network, context.Now) || IsOperatorNear(context.Event.SourceIp))) wanted = BlockScope.Ip;
        if (wanted != BlockScope.Pair && !context.IsAddressShared) return wanted;
        return match.RestsOnFailures && context.PairFailures + (context.IsFailure ? 1 : 0) < PairFailures ? null : BlockScope.Pair;
    }

    /// <summary>Whether automated blocks may touch the address at all, alone or in a pair.</summary>
    public bool MayHitAddress(in LoginContext context) =>
        context.IsAddressEvaluable && AddressScopes.Of(context.Event.SourceIp) == AddressScope.Public
        && !IsOperator(context.Event.SourceIp) && !MisreadProxy.IsSuspected(context.Address, context.Fleet, policy.Definition.SharedAddressSubjects, context.Now);

    /// <summary>Whether what a block of the address hits, an IPv6 /64 with it, holds an operator.</summary>
    private bool IsOperator(IpAddress address) => HoldsOperator(Networks.Around(address, (byte)(address.IsIPv4 ? 128 : 64)));

    /// <summary>Whether a block of the range around the address would hit an operator next to it.</summary>
    private bool IsOperatorNear(IpAddress address) => HoldsOperator(Networks.Around(address, (byte)(address.IsIPv4 ? 120 : 48)));

    private bool HoldsOperator(AddressPrefix hit)
    {
        foreach (var range in operatorAddresses)
        {
            if (range.IsIPv4 == hit.IsIPv4 && range.Overlaps(hit)) return true;
        }

        return false;
    }

    private static bool IsOwnerAtHome(in LoginContext context) =>
        context.Summary.SameAddress > 0 && context.Address.FailedNames.Count(context.Now, ReputationRow.FailedNamesEpoch) < 1.5f;

    private static bool HasFailed(in LoginContext context, BlockScope wanted) =>
        context.IsFailure || (wanted == BlockScope.Range ? context.Network : context.Address).Failures.At(context.Now, ReputationRow.HalfLife) >= 0.5f;
}
