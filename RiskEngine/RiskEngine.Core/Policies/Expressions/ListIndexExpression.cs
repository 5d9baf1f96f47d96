namespace RiskEngine.Core.Policies;

/// <summary><c>list[index]</c>: beyond either end an error.</summary>
internal sealed class ListIndexExpression(ListExpression list, Expression index) : Expression(list.Element, list, index)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!index.TryEvaluate(ref frame, out value)) return false;
        var wanted = value.Number;
        var places = list.Count(ref frame);
        for (var place = 0; wanted >= 0 && place < places; place++)
        {
            if (list.TryItem(ref frame, place, out value) && wanted-- == 0) return true;
        }

        return false;
    }

    public override string ToString() => $"{list}[{index}]";
}
