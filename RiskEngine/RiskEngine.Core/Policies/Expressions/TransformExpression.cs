namespace RiskEngine.Core.Policies;

/// <summary><c>list.map(x, t)</c>.</summary>
internal sealed class TransformExpression(ListExpression range, int level, Expression transform) : ComprehensionExpression(transform.Type, range, level, transform)
{
    protected override string Name => "map";

    protected override bool TryMake(Value visited, Value result, out Value item)
    {
        item = result;
        return true;
    }
}
