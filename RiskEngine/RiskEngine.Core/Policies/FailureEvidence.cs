using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What a condition asks that anybody can bring about by failing to sign in, also in somebody else's name.</summary>
/// <remarks>
/// Signals, score and level, reputation, what the fleet meets, the reason of a failure, and the kind of event where one that failed would do. Which
/// signals failures move is not asked: new detectors come, and a rule that was in order must stay so.
/// </remarks>
internal static class FailureEvidence
{
    private static readonly FieldId[] Moved =
    [
        FieldId.EventReason, FieldId.ReputationAddress, FieldId.ReputationNetwork, FieldId.ReputationAsn, FieldId.ReputationPair,
        FieldId.FleetUnderAttack, FieldId.FleetAttacks, FieldId.RiskScore, FieldId.RiskLevel, FieldId.Signals,
    ];

    /// <summary>One thing that a condition asks of the kind; null where it asks none.</summary>
    /// <param name="truth">What the condition is to come to.</param>
    public static Expression? Find(Expression condition, bool truth)
    {
        if (FirstOf(condition, Moved) is { } moved) return moved;
        return FirstOf(condition, [FieldId.EventKind]) is { } kind && CanHold(condition, truth, IsFailed) ? kind : null;
    }

    /// <summary>Whether a condition can hold only for logins that failed, or may have.</summary>
    public static bool IsNeeded(Expression condition) => !CanHold(condition, true, kind => !IsFailed(kind));

    /// <summary>Whether a condition can come to that truth for a judged event of one of these kinds.</summary>
    public static bool CanHold(Expression condition, bool truth, Func<EventKind, bool> kinds)
    {
        foreach (var kind in EventKinds.All.Where(kind => kind.IsJudged() && kinds(kind)))
        {
            var evaluation = new PartialEvaluation(FieldId.EventKind) { Known = ConstantExpression.Of(NameSet.Kinds, (long)kind) };
            if ((evaluation.Of(condition) & (truth ? Truths.True : Truths.False)) != Truths.None) return true;
        }

        return false;
    }

    /// <summary>Whether anybody can send such an event to the identity provider without a password.</summary>
    private static bool IsFailed(EventKind kind) => kind is EventKind.LoginFailed or EventKind.LoginAttempt or EventKind.MfaFailed or EventKind.ChallengeFailed or EventKind.SuspiciousRequest;

    /// <summary>The smallest condition that asks for one of these fields.</summary>
    private static Expression? FirstOf(Expression condition, FieldId[] fields)
    {
        var isAsked = condition switch
        {
            FieldExpression read => fields.Contains(read.Id),
            FieldListExpression list => fields.Contains(list.Id),
            HasFieldExpression has => fields.Contains(has.Id),
            SignalPresentExpression or SignalContributionExpression => fields.Contains(FieldId.Signals),
            _ => false,
        };
        if (isAsked) return condition;
        foreach (var part in condition.Parts)
        {
            if (FirstOf(part, fields) is not { } found) continue;
            // A field by itself says less than what is asked of it.
            return condition is LogicalExpression or NotExpression or ConditionalExpression ? found : condition;
        }

        return null;
    }
}
