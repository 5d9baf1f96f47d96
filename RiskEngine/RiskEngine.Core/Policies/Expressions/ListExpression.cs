namespace RiskEngine.Core.Policies;

/// <summary>A list. It is walked and never made: elements are evaluated as they are visited, so that nothing is allocated.</summary>
internal abstract class ListExpression(ExpressionType element, params ReadOnlySpan<Expression> parts) : Expression(ExpressionType.ListOf(element), parts)
{
    public ExpressionType Element => Type.Element!;

    /// <summary>Gets how many places it is taken to have at most when costs are counted.</summary>
    public abstract int Bound { get; }

    /// <summary>Gets the steps that reaching one element may take: a list that is made of another asks that one and its own condition again.</summary>
    public virtual long ItemCost => 1;

    /// <summary>Gets the elements that are visited to reach one: itself, and one of each list that it is made of.</summary>
    public virtual int Visits => 1;

    /// <summary>Gets the steps of walking along it once, beside those of <see cref="Count"/>, which are its <see cref="Expression.Cost"/>.</summary>
    public long WalkCost => Bound * ItemCost;

    /// <summary>How many places it has, empty ones of a filter among them; −1 where it is an error.</summary>
    public abstract int Count(scoped ref Frame frame);

    /// <summary>The element at a place below <see cref="Count"/>; false for an empty place.</summary>
    public abstract bool TryItem(scoped ref Frame frame, int place, out Value item);

    /// <summary>A list has no value of its own.</summary>
    public sealed override bool TryEvaluate(scoped ref Frame frame, out Value value) => throw new InvalidOperationException("A list is walked, not evaluated.");
}
