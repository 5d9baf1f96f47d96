namespace RiskEngine.Core.Policies;

/// <summary><c>list[index]</c>: beyond either end an error.</summary>
internal sealed class ListIndexExpression : Expression
{
    private readonly ListExpression _list;
    private readonly Expression _index;

    public ListIndexExpression(ListExpression list, Expression index)
        : base(list.Element, list, index)
    {
        (_list, _index) = (list, index);
        Cost += list.WalkCost;
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_index.TryEvaluate(ref frame, out value)) return false;
        var wanted = value.Number;
        var places = _list.Count(ref frame);
        for (var place = 0; wanted >= 0 && place < places; place++)
        {
            if (!frame.Step(_list.Visits)) return false;
            if (_list.TryItem(ref frame, place, out value) && wanted-- == 0) return true;
        }

        return false;
    }

    public override string ToString() => $"{_list}[{_index}]";
}
