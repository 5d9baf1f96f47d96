namespace RiskEngine.Core.Policies;

/// <summary><c>list.filter(x, p)</c>.</summary>
internal sealed class FilterExpression(ListExpression range, int level, Expression predicate) : ComprehensionExpression(range.Element, range, level, predicate)
{
    public override int LongestText { get; } = range.LongestText;

    protected override string Name => "filter";

    protected override bool TryMake(Value visited, Value result, out Value item)
    {
        item = visited;
        return result.Number != 0;
    }
}
