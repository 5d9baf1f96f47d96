namespace RiskEngine.Core.Policies;

/// <summary>A list. It is walked and never made: elements are evaluated as they are visited, so that nothing is allocated.</summary>
internal abstract class ListExpression(ExpressionType element, params ReadOnlySpan<Expression> parts) : Expression(ExpressionType.ListOf(element), parts)
{
    public ExpressionType Element => Type.Element!;

    /// <summary>Gets how many places it is taken to have at most when costs are counted.</summary>
    public abstract int Bound { get; }

    /// <summary>How many places it has, empty ones of a filter among them; −1 where it is an error.</summary>
    public abstract int Count(scoped ref Frame frame);

    /// <summary>The element at a place below <see cref="Count"/>; false for an empty place.</summary>
    public abstract bool TryItem(scoped ref Frame frame, int place, out Value item);

    /// <summary>A list has no value of its own.</summary>
    public sealed override bool TryEvaluate(scoped ref Frame frame, out Value value) => throw new InvalidOperationException("A list is walked, not evaluated.");
}

/// <summary>A list of constants, written out or named under <c>lists</c>.</summary>
/// <param name="name">What it is called there; null where it is written out.</param>
internal sealed class ConstantListExpression(ExpressionType element, IReadOnlyList<ConstantExpression> items, string? name = null) : ListExpression(element)
{
    public string? Name => name;

    public IReadOnlyList<ConstantExpression> Items => items;

    public override int Bound => items.Count;

    public override int Count(scoped ref Frame frame) => items.Count;

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        item = items[place].Value;
        return true;
    }

    public override string ToString() => name is null ? $"[{string.Join(", ", items.Select(item => item.ToString()))}]" : $"lists.{name}";
}

/// <summary>A list with elements that are computed. One that is an error makes the list one.</summary>
internal sealed class ComputedListExpression(ExpressionType element, params Expression[] items) : ListExpression(element, items)
{
    public override int Bound => items.Length;

    public override int Count(scoped ref Frame frame)
    {
        foreach (var item in items)
        {
            if (!item.TryEvaluate(ref frame, out _)) return -1;
        }

        return items.Length;
    }

    public override bool TryItem(scoped ref Frame frame, int place, out Value item) => items[place].TryEvaluate(ref frame, out item);

    public override string ToString() => $"[{string.Join(", ", items.Select(item => item.ToString()))}]";
}

/// <summary>A list that the login brings, or the names of its signals.</summary>
internal sealed class FieldListExpression(FieldDeclaration declared) : ListExpression(declared.Type.Key ?? declared.Type.Element!)
{
    public FieldId Id => declared.Id;

    public override int Bound => Element.Names is { } names ? Math.Min(names.Count, ExpressionLimits.EventListElements) : ExpressionLimits.EventListElements;

    public override int Count(scoped ref Frame frame) => FieldReader.Count(declared.Id, ref frame);

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        item = FieldReader.Item(declared.Id, ref frame, place);
        return true;
    }

    public override string ToString() => declared.Path;
}

/// <summary><c>list.filter(x, p)</c>: an error of the predicate for any element is one of the whole (CEL language definition, "Macros").</summary>
internal sealed class FilterExpression : ListExpression
{
    private readonly ListExpression _range;
    private readonly Expression _predicate;
    private readonly int _level;

    public FilterExpression(ListExpression range, int level, Expression predicate)
        : base(range.Element, range, predicate)
    {
        (_range, _level, _predicate) = (range, level, predicate);
        Cost = 1 + range.Cost + (2L * Bound * (predicate.Cost + 1));
    }

    public override int Bound => _range.Bound;

    public override int Count(scoped ref Frame frame)
    {
        var count = _range.Count(ref frame);
        for (var place = 0; place < count; place++)
        {
            if (!frame.Step()) return -1;
            if (!_range.TryItem(ref frame, place, out var item)) continue;
            if (!frame.TryWith(_level, item, _predicate, out _)) return -1;
        }

        return count;
    }

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        var isThere = _range.TryItem(ref frame, place, out var found);
        item = found;
        if (!isThere) return false;
        return frame.TryWith(_level, found, _predicate, out var keep) && keep.Number != 0;
    }

    public override string ToString() => $"{_range}.filter({(_level == 0 ? "x" : "y")}, {_predicate})";
}

/// <summary><c>list.map(x, t)</c>: an error for any element is one of the whole (CEL language definition, "Macros").</summary>
internal sealed class TransformExpression : ListExpression
{
    private readonly ListExpression _range;
    private readonly Expression _transform;
    private readonly int _level;

    public TransformExpression(ListExpression range, int level, Expression transform)
        : base(transform.Type, range, transform)
    {
        (_range, _level, _transform) = (range, level, transform);
        Cost = 1 + range.Cost + (2L * Bound * (transform.Cost + 1));
    }

    public override int Bound => _range.Bound;

    public override int Count(scoped ref Frame frame)
    {
        var count = _range.Count(ref frame);
        for (var place = 0; place < count; place++)
        {
            if (!frame.Step()) return -1;
            if (_range.TryItem(ref frame, place, out var item) && !frame.TryWith(_level, item, _transform, out _)) return -1;
        }

        return count;
    }

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        item = default;
        return _range.TryItem(ref frame, place, out var found) && frame.TryWith(_level, found, _transform, out item);
    }

    public override string ToString() => $"{_range}.map({(_level == 0 ? "x" : "y")}, {_transform})";
}

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
