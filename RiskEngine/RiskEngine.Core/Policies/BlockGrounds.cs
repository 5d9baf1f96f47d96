using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>What a block may rest on: reputation, lists, velocity from an address, or names that people wrote down. Behaviour alone challenges.</summary>
/// <remarks>
/// Not every signal of those groups says something of the address: failures on one subject from everywhere (<c>distributed_brute_force</c>),
/// a mistyped password that was right in the end (<c>success_after_failures</c>) and failures of one subject at one address
/// (<c>pair_reputation</c>) would let an attacker, or a poor typist, shut out the rightful owner.
/// </remarks>
internal static class BlockGrounds
{
    private const NetworkKinds Suspect = NetworkKinds.Tor | NetworkKinds.Vpn | NetworkKinds.DataCentre;

    /// <summary>Whether a rule can hold only where something speaks against the address or people said so.</summary>
    public static bool AreGiven(RuleConditions when) => AreListed(when) || when.Reputation < 0 || Rests(when, IsGround);

    /// <summary>Whether a list or somebody's word speaks, not only how often logins failed.</summary>
    public static bool AreListed(RuleConditions when) =>
        when.Feed.Count > 0 || when.Country.Count > 0 || when.CountryNot.Count > 0 || when.Asn.Count > 0 || when.Subject.Count > 0
        || (when.Network != NetworkKinds.None && (when.Network & ~Suspect) == NetworkKinds.None) || Rests(when, IsList);

    /// <summary>Whether a rule can hold only for sign-ins that worked: then nobody can bring it about by failing.</summary>
    public static bool RequireSuccess(RuleConditions when) => when.Kind.Count > 0 && when.Kind.All(IsSuccess);

    public static bool IsSuccess(EventKind kind) => kind is EventKind.Login or EventKind.SessionSeen or EventKind.TokenUsed;

    private static bool Rests(RuleConditions when, Func<SignalCode, bool> isGround) =>
        (when.Signals.Count > 0 && when.Signals.All(signal => isGround(signal.Code))) || when.SignalsAll.Any(signal => isGround(signal.Code));

    private static bool IsList(SignalCode code) => code.Describe().Group == SignalGroup.List;

    private static bool IsGround(SignalCode code) => code.Describe().Group switch
    {
        SignalGroup.List => true,
        SignalGroup.Reputation => code != SignalCode.PairReputation,
        SignalGroup.Velocity => code is not (SignalCode.DistributedBruteForce or SignalCode.SuccessAfterFailures),
        _ => false,
    };
}
