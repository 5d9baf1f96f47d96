namespace RiskEngine.Core.Policies;

internal enum Quantifier : byte
{
    Exists,
    All,
    ExistsOne,
}

/// <summary><c>list.exists(x, p)</c>, <c>list.all(x, p)</c>, <c>list.exists_one(x, p)</c>.</summary>
/// <remarks>
/// The first two join the answers by "or" and "and", so that a deciding one makes errors of the others be ignored; an error for any element is
/// one of the third (CEL language definition, "Macros").
/// </remarks>
internal sealed class MacroExpression : Expression
{
    private readonly ListExpression _range;
    private readonly Expression _predicate;
    private readonly Quantifier _quantifier;
    private readonly int _level;

    public MacroExpression(Quantifier quantifier, ListExpression range, int level, Expression predicate)
        : base(ExpressionType.Bool, range, predicate)
    {
        (_quantifier, _range, _level, _predicate) = (quantifier, range, level, predicate);
        Cost = 1 + range.Cost + range.WalkCost + (range.Bound * predicate.Cost);
    }

    public Quantifier Quantifier => _quantifier;

    public ListExpression Range => _range;

    public Expression Predicate => _predicate;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var places = _range.Count(ref frame);
        value = default;
        if (places < 0) return false;
        var (held, isKnown) = (0, true);
        for (var place = 0; place < places; place++)
        {
            if (!frame.Step(_range.Visits)) return false;
            if (!_range.TryItem(ref frame, place, out var item)) continue;
            if (!frame.TryWith(_level, item, _predicate, out value)) isKnown = false;
            else if (value.Number != 0) held++;
            else if (_quantifier == Quantifier.All) return true;
            if (held > 0 && _quantifier == Quantifier.Exists) return true;
        }

        value = Value.Of(_quantifier switch { Quantifier.Exists => false, Quantifier.All => true, _ => held == 1 });
        return isKnown;
    }

    public override string ToString()
    {
        var name = _quantifier switch { Quantifier.Exists => "exists", Quantifier.All => "all", _ => "exists_one" };
        return $"{_range}.{name}({(_level == 0 ? "x" : "y")}, {_predicate})";
    }
}
