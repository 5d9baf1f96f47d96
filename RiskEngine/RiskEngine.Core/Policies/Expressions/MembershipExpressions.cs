using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary><c>item in list</c> of constants: one look-up. An address is in a list of networks where one of them holds it.</summary>
internal sealed class InConstantsExpression : Expression
{
    private readonly ConstantSet _set;

    public InConstantsExpression(Expression item, ConstantListExpression list)
        : base(ExpressionType.Bool, item, list)
    {
        (Item, List, _set) = (item, list, new ConstantSet(list.Items));
        // It is hashed and compared, and no longer than the longest of them.
        if (list.Items is [{ Type.Kind: ExpressionKind.Text }, ..]) Cost += list.LongestText / ExpressionLimits.ReadBytesAStep;
    }

    public Expression Item { get; }

    public ConstantListExpression List { get; }

    public bool Holds(in Value value) => _set.Contains(value);

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!Item.TryEvaluate(ref frame, out value)) return false;
        value = Value.Of(_set.Contains(value));
        return true;
    }

    public override string ToString() => $"({Item} in {List})";
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
        _equal = new ComparisonExpression(new LocalExpression(item.Type, 0, item.LongestText), Comparison.Equal, new LocalExpression(list.Element, 0, list.LongestText));
        Cost += list.WalkCost + (list.Bound * (_equal.Cost - _equal.Parts.Sum(part => part.Cost) - 1));
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
