namespace RiskEngine.Core.Policies;

/// <summary>Which elements a list of the login must hold one of for a condition to be true.</summary>
internal static class Membership
{
    /// <summary>The elements; null where the condition can be true without any.</summary>
    public static IReadOnlyCollection<ConstantExpression>? Needed(Expression condition, FieldId list)
    {
        switch (condition)
        {
            case InListExpression { Item: ConstantExpression item, List: FieldListExpression asked } when asked.Id == list:
                return [item];
            case SignalPresentExpression present when list == FieldId.Signals:
                return [ConstantExpression.Of(NameSet.Signals, present.Code)];
            case ComparisonExpression { Left: SignalContributionExpression { Code: ConstantExpression code } } when list == FieldId.Signals:
                return [code];
            case MacroExpression { Quantifier: Quantifier.Exists, Range: FieldListExpression asked } macro when asked.Id == list:
                return OfElement(macro.Predicate);
            case LogicalExpression { IsAnd: true } and:
                return and.Parts.Select(part => Needed(part, list)).Where(needed => needed is not null).MinBy(needed => needed!.Count);
            case LogicalExpression or:
                var needs = or.Parts.Select(part => Needed(part, list)).ToList();
                return needs.Contains(null) ? null : [.. needs.SelectMany(needed => needed!)];
            default:
                return null;
        }
    }

    /// <summary>Whether having one of <see cref="Needed"/> is all that the condition asks.</summary>
    public static bool IsAll(Expression condition, FieldId list) => condition switch
    {
        InListExpression { Item: ConstantExpression, List: FieldListExpression asked } => asked.Id == list,
        SignalPresentExpression => list == FieldId.Signals,
        MacroExpression { Quantifier: Quantifier.Exists, Range: FieldListExpression asked } macro => asked.Id == list && OfElement(macro.Predicate) is not null,
        LogicalExpression { IsAnd: false } or => or.Parts.All(part => IsAll(part, list)),
        _ => false,
    };

    private static IReadOnlyCollection<ConstantExpression>? OfElement(Expression predicate) => predicate switch
    {
        ComparisonExpression { Comparison: Comparison.Equal, Left: LocalExpression, Right: ConstantExpression constant } => [constant],
        InConstantsExpression { Item: LocalExpression } member => member.List.Items,
        _ => null,
    };
}
