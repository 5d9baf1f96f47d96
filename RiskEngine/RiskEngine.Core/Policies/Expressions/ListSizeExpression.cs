namespace RiskEngine.Core.Policies;

/// <summary><c>size(list)</c>.</summary>
internal sealed class ListSizeExpression(ListExpression list) : Expression(ExpressionType.Int, list)
{
    public ListExpression List => list;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var places = list.Count(ref frame);
        var size = 0L;
        for (var place = 0; place < places; place++)
        {
            if (list.TryItem(ref frame, place, out _)) size++;
        }

        value = Value.Of(size);
        return places >= 0;
    }

    public override string ToString() => $"size({list})";
}
