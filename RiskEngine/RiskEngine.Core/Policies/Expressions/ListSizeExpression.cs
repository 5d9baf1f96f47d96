namespace RiskEngine.Core.Policies;

/// <summary><c>size(list)</c>.</summary>
internal sealed class ListSizeExpression : Expression
{
    public ListSizeExpression(ListExpression list)
        : base(ExpressionType.Int, list)
    {
        List = list;
        Cost += list.WalkCost;
    }

    public ListExpression List { get; }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var places = List.Count(ref frame);
        var size = 0L;
        value = default;
        for (var place = 0; place < places; place++)
        {
            if (!frame.Step(List.Visits)) return false;
            if (List.TryItem(ref frame, place, out _)) size++;
        }

        value = Value.Of(size);
        return places >= 0;
    }

    public override string ToString() => $"size({List})";
}
