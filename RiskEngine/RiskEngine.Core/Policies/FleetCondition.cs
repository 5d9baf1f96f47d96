namespace RiskEngine.Core.Policies;

/// <summary>Whether a condition could make an attack soften what is decided: anybody can bring an attack about.</summary>
/// <remarks>
/// Under an attack a rule that allows must not come to hold, and any other must not cease to. So what a condition asks of the fleet may stand under "not"
/// an even number of times in rules that notify, challenge or block, and an odd number of times in rules that allow. Asked in any other way than by itself,
/// as a part of a comparison, it is taken for both.
/// </remarks>
internal static class FleetCondition
{
    public static bool CanSoften(Expression condition, bool allows) => CanSoften(condition, allows, isPlain: true);

    private static bool CanSoften(Expression condition, bool allows, bool isPlain) => condition switch
    {
        NotExpression not => CanSoften(not.Operand, allows, !isPlain),
        LogicalExpression logical => logical.Parts.Any(part => CanSoften(part, allows, isPlain)),
        FieldExpression { Id: FieldId.FleetUnderAttack } => isPlain == allows,
        InListExpression { Item: ConstantExpression, List: FieldListExpression { Id: FieldId.FleetAttacks } } => isPlain == allows,
        HasFieldExpression { Id: FieldId.FleetAttacks } => isPlain == allows,
        _ => AsksFleet(condition),
    };

    private static bool AsksFleet(Expression condition) => condition switch
    {
        FieldExpression { Id: FieldId.FleetUnderAttack } => true,
        FieldListExpression { Id: FieldId.FleetAttacks } => true,
        HasFieldExpression { Id: FieldId.FleetAttacks } => true,
        _ => condition.Parts.Any(AsksFleet),
    };
}
