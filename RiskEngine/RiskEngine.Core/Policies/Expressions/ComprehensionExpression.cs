namespace RiskEngine.Core.Policies;

/// <summary>A list made of another by an expression over each of its elements: an error for any of them is one of the whole (CEL language definition, "Macros").</summary>
internal abstract class ComprehensionExpression : ListExpression
{
    private readonly ListExpression _range;
    private readonly Expression _body;
    private readonly int _level;

    /// <param name="level">0 for the variable of an outer macro, 1 for one within.</param>
    protected ComprehensionExpression(ExpressionType element, ListExpression range, int level, Expression body)
        : base(element, range, body)
    {
        (_range, _level, _body) = (range, level, body);
        Cost = 1 + range.Cost + (Bound * (range.ItemCost + body.Cost));
    }

    public sealed override int Bound => _range.Bound;

    public sealed override long ItemCost => _range.ItemCost + _body.Cost;

    public sealed override int Visits => _range.Visits + 1;

    /// <summary>Gets what it is called in an expression.</summary>
    protected abstract string Name { get; }

    public sealed override int Count(scoped ref Frame frame)
    {
        var count = _range.Count(ref frame);
        for (var place = 0; place < count; place++)
        {
            if (!frame.Step(_range.Visits)) return -1;
            if (_range.TryItem(ref frame, place, out var item) && !frame.TryWith(_level, item, _body, out _)) return -1;
        }

        return count;
    }

    public sealed override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        if (_range.TryItem(ref frame, place, out var visited) && frame.TryWith(_level, visited, _body, out var result)) return TryMake(visited, result, out item);
        item = default;
        return false;
    }

    public sealed override string ToString() => $"{_range}.{Name}({(_level == 0 ? "x" : "y")}, {_body})";

    /// <summary>Makes the element; false where its place stays empty.</summary>
    /// <param name="visited">The element of the list that is walked.</param>
    /// <param name="result">What the expression came to for it.</param>
    protected abstract bool TryMake(Value visited, Value result, out Value item);
}
