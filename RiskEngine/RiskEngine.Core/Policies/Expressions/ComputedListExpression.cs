namespace RiskEngine.Core.Policies;

/// <summary>A list with elements that are computed. One that is an error makes the list one.</summary>
internal sealed class ComputedListExpression(ExpressionType element, params Expression[] items) : ListExpression(element, items)
{
    public override int Bound => items.Length;

    public override long ItemCost { get; } = items.Length == 0 ? 1 : items.Max(item => item.Cost);

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
