using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>What a rule that allows must have: an end that comes, and something that not everybody can claim.</summary>
/// <remarks>
/// The first rule that holds decides, so a rule that allows lifts every rule behind it. Where none of these does anything but allow, it lifts nothing, and needs
/// neither. What the user agent tells is chosen by whoever sends it, so a rule that allows does not ask it at all.
/// </remarks>
internal static class AllowLimits
{
    private static readonly FieldId[] Claimed = [FieldId.EventUserAgent, FieldId.DeviceBrowser, FieldId.DeviceBrowserVersion, FieldId.DeviceOs, FieldId.DeviceClass];

    /// <summary>Whether a rule lifts nothing: those that are asked behind it only allow, as where no rule holds.</summary>
    public static bool LiftsNothing(IReadOnlyList<PolicyRule> rules, int index) =>
        !rules.Where((rule, i) => rule.Then != DecisionAction.Allow && (rule.Priority < rules[index].Priority || (rule.Priority == rules[index].Priority && i > index))).Any();

    /// <summary>Whether a condition ends at some time, whatever the login.</summary>
    /// <param name="latest">The latest that this may be; null for any time.</param>
    public static bool HasEnd(Expression condition, EventTime? latest = null) => BlockGrounds.Implies(condition, true, (atom, truth) =>
        atom is ComparisonExpression { Left: FieldExpression { Id: FieldId.EventOccurredAt }, Right: ConstantExpression { Value.Number: var end } } comparison
        && BlockGrounds.Effective(comparison, truth) is Comparison.Less or Comparison.LessOrEqual && (latest is null || end <= latest.Value.UnixMilliseconds));

    /// <summary>Whether a condition asks what the user agent claims.</summary>
    public static bool AsksClaims(Expression condition) => condition switch
    {
        FieldExpression read => Claimed.Contains(read.Id),
        HasFieldExpression has => Claimed.Contains(has.Id),
        _ => condition.Parts.Any(AsksClaims),
    };
}
