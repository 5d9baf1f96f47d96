using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What a block may rest on: reputation, lists, velocity from an address, or names that people wrote down. Behaviour alone challenges.</summary>
/// <remarks>
/// Not every signal of those groups says something of the address: failures on one subject from everywhere (<c>distributed_brute_force</c>),
/// a mistyped password that was right in the end (<c>success_after_failures</c>) and failures of one subject at one address
/// (<c>pair_reputation</c>) would let an attacker, or a poor typist, shut out the rightful owner. What a condition rests on is derived from its
/// expression: of "and" one side is enough, of "or" every side must do, "not" is pushed inward, of a conditional both ways must do. Where nothing
/// can be derived, nothing is: a condition may be refused that never does harm, never the other way round.
/// </remarks>
internal static class BlockGrounds
{
    private static readonly FieldId[] NamesSomebody = [FieldId.EventSourceIp, FieldId.NetworkAsn, FieldId.GeoCountry, FieldId.SubjectId, FieldId.SubjectName];

    private static readonly string[] SuspectNetworks = ["tor", "vpn", "datacentre"];

    /// <summary>Whether a condition can hold only where something speaks against the address or people said so.</summary>
    public static bool AreGiven(Expression condition) => Implies(condition, true, (atom, truth) => IsListed(atom, truth) || IsBadReputation(atom, truth) || IsSignal(atom, truth, IsGround));

    /// <summary>Whether a list or somebody's word speaks, not only how often logins failed.</summary>
    public static bool AreListed(Expression condition) => Implies(condition, true, IsListed);

    /// <summary>Whether a condition can hold only for sign-ins that worked: then nobody can bring it about by failing.</summary>
    public static bool RequireSuccess(Expression condition)
    {
        foreach (var kind in EventKinds.All.Where(kind => kind.IsJudged() && !IsSuccess(kind)))
        {
            var evaluation = new PartialEvaluation(FieldId.EventKind) { Known = ConstantExpression.Of(NameSet.Kinds, (long)kind) };
            if ((evaluation.Of(condition) & Truths.True) != Truths.None) return false;
        }

        return true;
    }

    /// <summary>Whether a condition can hold only for addresses that many people share.</summary>
    public static bool RequireShared(Expression condition) =>
        Implies(condition, true, (atom, truth) => truth && atom is FieldExpression { Id: FieldId.AddressShared }) && !Implies(condition, true, (_, _) => false);

    /// <summary>Whether a condition ends at some time, whatever the login.</summary>
    public static bool HaveEnd(Expression condition) => Implies(condition, true, (atom, truth) =>
        atom is ComparisonExpression { Left: FieldExpression { Id: FieldId.EventOccurredAt }, Right: ConstantExpression } comparison
        && Effective(comparison, truth) is Comparison.Less or Comparison.LessOrEqual);

    /// <summary>Whether a condition asks for an address, a network, a country or a subject by name.</summary>
    public static bool NameSomebody(Expression condition) => condition is FieldExpression field ? NamesSomebody.Contains(field.Id) : condition.Parts.Any(NameSomebody);

    public static bool IsSuccess(EventKind kind) => kind is EventKind.Login or EventKind.SessionSeen or EventKind.TokenUsed;

    /// <summary>Whether the condition, where it comes to that truth, lets an atom come to one that is asked for.</summary>
    private static bool Implies(Expression condition, bool truth, Func<Expression, bool, bool> atom) => condition switch
    {
        NotExpression not => Implies(not.Operand, !truth, atom),
        LogicalExpression logical when logical.IsAnd == truth => logical.Parts.Any(part => Implies(part, truth, atom)),
        LogicalExpression logical => logical.Parts.All(part => Implies(part, truth, atom)),
        ConditionalExpression conditional => (Implies(conditional.Condition, true, atom) || Implies(conditional.Then, truth, atom))
            && (Implies(conditional.Condition, false, atom) || Implies(conditional.Otherwise, truth, atom)),
        ConstantExpression constant => constant.Value.Number != 0 != truth,
        _ => atom(condition, truth),
    };

    private static bool IsListed(Expression atom, bool truth) => IsSignal(atom, truth, IsList) || atom switch
    {
        // Where people write down the only places to come from, being elsewhere is their word too.
        ComparisonExpression { Left: FieldExpression { Id: FieldId.GeoCountry }, Right: ConstantExpression } => true,
        InConstantsExpression { Item: FieldExpression { Id: FieldId.GeoCountry or FieldId.EventSourceIp } } => true,
        CidrContainsExpression { Network: ConstantExpression, Address: FieldExpression { Id: FieldId.EventSourceIp } } => true,
        ComparisonExpression { Left: FieldExpression read, Right: ConstantExpression } comparison => NamesSomebody.Contains(read.Id) && Effective(comparison, truth) == Comparison.Equal,
        ComparisonExpression { Left: ListSizeExpression { List: FieldListExpression { Id: FieldId.NetworkFeeds } }, Right: ConstantExpression least } comparison =>
            (Effective(comparison, truth) == Comparison.Greater && NumberOf(least) >= 0) || (Effective(comparison, truth) == Comparison.GreaterOrEqual && NumberOf(least) >= 1),
        InConstantsExpression { Item: FieldExpression read } => truth && NamesSomebody.Contains(read.Id),
        HasFieldExpression has => truth && has.Id == FieldId.NetworkFeeds,
        MacroExpression { Quantifier: Quantifier.Exists, Range: FieldListExpression { Id: FieldId.NetworkFeeds } } => truth,
        _ => truth && (Membership.Needed(atom, FieldId.NetworkFeeds) is not null
            || Membership.Needed(atom, FieldId.NetworkKinds) is { } kinds && kinds.All(kind => SuspectNetworks.Contains(NameSet.Networks.NameOf(kind.Value.Number)))),
    };

    private static bool IsBadReputation(Expression atom, bool truth)
    {
        if (atom is not ComparisonExpression { Left: FieldExpression { Id: FieldId.ReputationAddress or FieldId.ReputationNetwork }, Right: ConstantExpression bound } comparison) return false;
        var limit = NumberOf(bound);
        return Effective(comparison, truth) switch
        {
            Comparison.Less => limit <= 0,
            Comparison.LessOrEqual or Comparison.Equal => limit < 0,
            _ => false,
        };
    }

    private static double NumberOf(ConstantExpression constant) => constant.Type.Kind == ExpressionKind.Int ? constant.Value.Number : constant.Value.Real;

    /// <summary>Whether only signals that are grounds can bring an atom about. Asking for a contribution is an error where the signal is not there.</summary>
    private static bool IsSignal(Expression atom, bool truth, Func<SignalCode, bool> isGround) => atom switch
    {
        ComparisonExpression { Left: SignalContributionExpression { Code: ConstantExpression code } } comparison =>
            isGround((SignalCode)code.Value.Number) && (!SpeaksBothWays((SignalCode)code.Value.Number) || IsAboveZero(comparison, truth)),
        _ => truth && Membership.Needed(atom, FieldId.Signals) is { } needed
            && needed.All(code => isGround((SignalCode)code.Value.Number) && !SpeaksBothWays((SignalCode)code.Value.Number)),
    };

    /// <summary>Reputation may be good: that it speaks is no ground, only that it speaks against.</summary>
    private static bool SpeaksBothWays(SignalCode code) => code is SignalCode.AddressReputation or SignalCode.NetworkReputation;

    private static bool IsAboveZero(ComparisonExpression comparison, bool truth) => comparison.Right is ConstantExpression bound && Effective(comparison, truth) switch
    {
        Comparison.Greater => NumberOf(bound) >= 0,
        Comparison.GreaterOrEqual or Comparison.Equal => NumberOf(bound) > 0,
        _ => false,
    };

    /// <summary>The comparison that holds where this one comes to that truth.</summary>
    private static Comparison Effective(ComparisonExpression comparison, bool truth) => truth ? comparison.Comparison : comparison.Comparison switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        _ => Comparison.Less,
    };

    private static bool IsList(SignalCode code) => code.Describe().Group == SignalGroup.List;

    private static bool IsGround(SignalCode code) => code.Describe().Group switch
    {
        SignalGroup.List => true,
        SignalGroup.Reputation => code != SignalCode.PairReputation,
        SignalGroup.Velocity => code is not (SignalCode.DistributedBruteForce or SignalCode.SuccessAfterFailures or SignalCode.FleetAttack),
        SignalGroup.Account => code == SignalCode.HoneyAccount,
        _ => false,
    };
}
