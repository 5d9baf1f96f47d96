using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What a block may rest on: reputation, lists, velocity from an address, or names that people wrote down. Behaviour alone challenges.</summary>
/// <remarks>
/// Not every signal of those groups says something of the address: failures on one subject from everywhere (<c>distributed_brute_force</c>),
/// a mistyped password that was right in the end (<c>success_after_failures</c>) and failures of one subject at one address
/// (<c>pair_reputation</c>) would let an attacker, or a poor typist, shut out the rightful owner. What a condition rests on is derived from its
/// expression: of "and" one side is enough, of "or" every side must do, "not" is pushed inward, of a conditional both ways must do. Where nothing
/// can be derived, nothing is: a condition may be refused that never does harm, never the other way round. A name says whom a rule is about and not
/// that anything speaks against a login, so it is a ground only where nothing beside it can be brought about by failing
/// (<see cref="FailureEvidence"/>): of "in Germany, and hit by guesses from everywhere" the guesses are all that happened.
/// </remarks>
internal static class BlockGrounds
{
    private static readonly FieldId[] NamesSomebody = [FieldId.EventSourceIp, FieldId.NetworkAsn, FieldId.GeoCountry, FieldId.SubjectId, FieldId.SubjectName];

    private static readonly string[] SuspectNetworks = ["tor", "vpn", "datacentre"];

    /// <summary>The part of a condition that can hold while nothing speaks against the address and nobody said so; null where there is none.</summary>
    public static GroundlessPart? Lacking(Expression condition) => Lacking(condition, true, (atom, truth) => IsListed(atom, truth) || IsBadReputation(atom, truth) || IsSignal(atom, truth, IsGround));

    /// <summary>The part of a condition that can hold while no list speaks and nobody said so, only how often logins failed; null where there is none.</summary>
    public static GroundlessPart? LackingWord(Expression condition) => Lacking(condition, true, IsListed);

    /// <summary>Whether a list or somebody's word speaks, not only how often logins failed.</summary>
    public static bool AreListed(Expression condition) => LackingWord(condition) is null;

    /// <summary>Whether a condition can hold only for sign-ins that worked: then nobody can bring it about by failing.</summary>
    public static bool RequireSuccess(Expression condition) => !FailureEvidence.CanHold(condition, true, kind => !IsSuccess(kind));

    /// <summary>Whether a condition can hold only for addresses that many people share.</summary>
    public static bool RequireShared(Expression condition) =>
        Implies(condition, true, (atom, truth) => truth && atom is FieldExpression { Id: FieldId.AddressShared }) && !Implies(condition, true, (_, _) => false);

    public static bool IsSuccess(EventKind kind) => kind is EventKind.Login or EventKind.SessionSeen or EventKind.TokenUsed;

    /// <summary>Each side of an "or" stands for itself; a name is a ground of a side that nobody can bring about by failing.</summary>
    private static GroundlessPart? Lacking(Expression condition, bool truth, Func<Expression, bool, bool> isGround)
    {
        if (condition is NotExpression not) return Lacking(not.Operand, !truth, isGround);
        if (condition is LogicalExpression logical && logical.IsAnd != truth) return logical.Parts.Select(part => Lacking(part, truth, isGround)).FirstOrDefault(part => part is not null);
        if (Implies(condition, truth, isGround)) return null;
        var failure = FailureEvidence.Find(condition, truth);
        var isNamed = Implies(condition, truth, (atom, holds) => isGround(atom, holds) || IsNamed(atom, holds));
        if (isNamed && failure is null) return null;
        Expression shown = truth ? condition : new NotExpression(condition);
        return new GroundlessPart(shown, isNamed ? FindName(condition, truth) : null, failure);
    }

    /// <summary>The name that a condition has in the place of a ground.</summary>
    private static Expression? FindName(Expression condition, bool truth) => condition switch
    {
        NotExpression not => FindName(not.Operand, !truth),
        LogicalExpression or ConditionalExpression => condition.Parts.Select(part => FindName(part, truth)).FirstOrDefault(name => name is not null),
        _ => IsNamed(condition, truth) ? truth ? condition : new NotExpression(condition) : null,
    };

    /// <summary>Whether the condition, where it comes to that truth, lets an atom come to one that is asked for.</summary>
    internal static bool Implies(Expression condition, bool truth, Func<Expression, bool, bool> atom) => condition switch
    {
        NotExpression not => Implies(not.Operand, !truth, atom),
        LogicalExpression logical when logical.IsAnd == truth => logical.Parts.Any(part => Implies(part, truth, atom)),
        LogicalExpression logical => logical.Parts.All(part => Implies(part, truth, atom)),
        ConditionalExpression conditional => (Implies(conditional.Condition, true, atom) || Implies(conditional.Then, truth, atom))
            && (Implies(conditional.Condition, false, atom) || Implies(conditional.Otherwise, truth, atom)),
        ConstantExpression constant => constant.Value.Number != 0 != truth,
        _ => atom(condition, truth),
    };

    /// <summary>Whether people wrote down an address, a network, a country or a subject: one of these, or any but these.</summary>
    private static bool IsNamed(Expression atom, bool truth) => atom switch
    {
        // Where people write down the only places to come from, being elsewhere is their word too.
        ComparisonExpression { Left: FieldExpression { Id: FieldId.GeoCountry }, Right: ConstantExpression } => true,
        InConstantsExpression { Item: FieldExpression { Id: FieldId.GeoCountry or FieldId.EventSourceIp } } => true,
        CidrContainsExpression { Network: ConstantExpression, Address: FieldExpression { Id: FieldId.EventSourceIp } } => true,
        ComparisonExpression { Left: FieldExpression read, Right: ConstantExpression } comparison => NamesSomebody.Contains(read.Id) && Effective(comparison, truth) == Comparison.Equal,
        InConstantsExpression { Item: FieldExpression read } => truth && NamesSomebody.Contains(read.Id),
        _ => false,
    };

    private static bool IsListed(Expression atom, bool truth) => IsSignal(atom, truth, IsList) || atom switch
    {
        ComparisonExpression { Left: ListSizeExpression { List: FieldListExpression { Id: FieldId.NetworkFeeds } }, Right: ConstantExpression least } comparison =>
            (Effective(comparison, truth) == Comparison.Greater && NumberOf(least) >= 0) || (Effective(comparison, truth) == Comparison.GreaterOrEqual && NumberOf(least) >= 1),
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
    internal static Comparison Effective(ComparisonExpression comparison, bool truth) => truth ? comparison.Comparison : comparison.Comparison switch
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
