using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>A condition asked about a login of which some fields are not known: what it can come to.</summary>
/// <remarks>
/// Parts that ask nothing unknown are evaluated as ever; "and", "or", "not" and "? :" join what the parts can come to, by CEL's rules for errors;
/// any other part that asks something unknown can come to anything. So what holds here holds, and what cannot hold here does not. Immutable;
/// allocates nothing.
/// </remarks>
internal sealed class PartialCondition
{
    private readonly Expression _condition;
    private readonly PartialCondition[] _parts;

    public PartialCondition(Expression condition)
    {
        _condition = condition;
        _parts = condition is NotExpression or LogicalExpression or ConditionalExpression ? [.. condition.Parts.Select(part => new PartialCondition(part))] : [];
        Fields = StoredFields.AskedBy(condition);
    }

    /// <summary>Gets the fields it asks, as bits by <see cref="FieldId"/>.</summary>
    public ulong Fields { get; }

    /// <summary>What it can come to.</summary>
    /// <param name="frame">The login; fields that are not known are empty in it.</param>
    /// <param name="unknown">Those fields, as bits.</param>
    public Truths Of(scoped ref Frame frame, StoredLogin login, ulong unknown)
    {
        if ((Fields & unknown) == 0) return !_condition.TryEvaluate(ref frame, out var value) ? Truths.Error : value.Number != 0 ? Truths.True : Truths.False;
        switch (_condition)
        {
            case NotExpression: return PartialEvaluation.Not(_parts[0].Of(ref frame, login, unknown));
            case LogicalExpression logical: return OfLogical(logical.IsAnd, ref frame, login, unknown);
            case ConditionalExpression: return OfConditional(ref frame, login, unknown);
            case InListExpression { Item: ConstantExpression item, List: FieldListExpression list } when StoredFields.Shows(login, list.Id, item): return Truths.True;
            case HasFieldExpression: return Truths.True | Truths.False;
            default: return Truths.Any;
        }
    }

    /// <summary>"Or" is "and" of the negations.</summary>
    private Truths OfLogical(bool isAnd, scoped ref Frame frame, StoredLogin login, ulong unknown)
    {
        var result = Truths.True;
        foreach (var part in _parts)
        {
            var next = part.Of(ref frame, login, unknown);
            result = PartialEvaluation.And(result, isAnd ? next : PartialEvaluation.Not(next));
        }

        return isAnd ? result : PartialEvaluation.Not(result);
    }

    private Truths OfConditional(scoped ref Frame frame, StoredLogin login, ulong unknown)
    {
        var condition = _parts[0].Of(ref frame, login, unknown);
        var result = condition & Truths.Error;
        if ((condition & Truths.True) != Truths.None) result |= _parts[1].Of(ref frame, login, unknown);
        if ((condition & Truths.False) != Truths.None) result |= _parts[2].Of(ref frame, login, unknown);
        return result;
    }
}
