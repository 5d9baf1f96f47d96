namespace RiskEngine.Core.Policies;

/// <summary>A list of constants, written out or named under <c>lists</c>.</summary>
/// <param name="name">What it is called there; null where it is written out.</param>
internal sealed class ConstantListExpression(ExpressionType element, IReadOnlyList<ConstantExpression> items, string? name = null) : ListExpression(element)
{
    public string? Name => name;

    public IReadOnlyList<ConstantExpression> Items => items;

    public override int Bound => items.Count;

    public override int LongestText { get; } = items.Count == 0 ? 0 : items.Max(item => item.LongestText);

    public override int Count(scoped ref Frame frame) => items.Count;

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        item = items[place].Value;
        return true;
    }

    public override string ToString() => name is null ? $"[{string.Join(", ", items.Select(item => item.ToString()))}]" : $"lists.{name}";
}
