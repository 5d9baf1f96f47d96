using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary><c>item in list</c> of constants: one look-up. An address is in a list of networks where one of them holds it.</summary>
internal sealed class InConstantsExpression(Expression item, ConstantListExpression list) : Expression(ExpressionType.Bool, item, list)
{
    private readonly ConstantSet _set = new(list.Items);

    public Expression Item => item;

    public ConstantListExpression List => list;

    public bool Holds(in Value value) => _set.Contains(value);

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!item.TryEvaluate(ref frame, out value)) return false;
        value = Value.Of(_set.Contains(value));
        return true;
    }

    public override string ToString() => $"({item} in {list})";
}

/// <summary><c>item in list</c> of any list.</summary>
internal sealed class InListExpression : Expression
{
    private readonly Expression _item;
    private readonly ListExpression _list;
    private readonly ComparisonExpression _equal;

    public InListExpression(Expression item, ListExpression list)
        : base(ExpressionType.Bool, item, list)
    {
        (_item, _list) = (item, list);
        _equal = new ComparisonExpression(new LocalExpression(item.Type, 0), Comparison.Equal, new LocalExpression(list.Element, 0));
        Cost += list.WalkCost;
    }

    public Expression Item => _item;

    public ListExpression List => _list;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var places = _list.Count(ref frame);
        if (places < 0 || !_item.TryEvaluate(ref frame, out value))
        {
            value = default;
            return false;
        }

        for (var place = 0; place < places; place++)
        {
            if (!frame.Step(_list.Visits)) return false;
            if (!_list.TryItem(ref frame, place, out var item) || !_equal.Holds(value, item)) continue;
            value = Value.Of(true);
            return true;
        }

        value = Value.Of(false);
        return true;
    }

    public override string ToString() => $"({_item} in {_list})";
}

/// <summary><c>cidr.contains(ip)</c>.</summary>
internal sealed class CidrContainsExpression(Expression network, Expression address) : Expression(ExpressionType.Bool, network, address)
{
    public Expression Network => network;

    public Expression Address => address;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!network.TryEvaluate(ref frame, out value) || !address.TryEvaluate(ref frame, out var inner)) return false;
        value = Value.Of(Holds(value, inner));
        return true;
    }

    public static bool Holds(in Value network, in Value address) => new AddressPrefix(network.Address, (byte)network.Number).Contains(address.Address);

    public override string ToString() => $"{network}.contains({address})";
}
