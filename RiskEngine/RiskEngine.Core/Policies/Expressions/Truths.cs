namespace RiskEngine.Core.Policies;

/// <summary>What a condition can come to when only one field of the login is known: an over-approximation.</summary>
[Flags]
internal enum Truths : byte
{
    None = 0,
    True = 1,
    False = 2,
    Error = 4,
    Any = True | False | Error,
}

/// <summary>Evaluates conditions over one known term, everything else being anything. A term is a field, or a part of a time.</summary>
/// <param name="field">The field that the term is; null where it is none.</param>
/// <param name="isTerm">Whether an expression is the term that is known.</param>
internal readonly ref struct PartialEvaluation(FieldId? field, Func<Expression, bool> isTerm)
{
    public PartialEvaluation(FieldId field)
        : this(field, term => term is FieldExpression read && read.Id == field)
    {
    }

    /// <summary>Gets the value of the term; null where it is an error. Of kinds of network, their bits.</summary>
    public required ConstantExpression? Known { get; init; }

    /// <summary>What the condition can come to. Never leaves out what it does come to.</summary>
    public Truths Of(Expression condition)
    {
        switch (condition)
        {
            case ConstantExpression constant: return Is(constant.Value.Number != 0);
            case FieldExpression when isTerm(condition): return Known is null ? Truths.Error : Is(Known.Value.Number != 0);
            case HasFieldExpression has when has.Id == field: return Is(Known is not null && (field != FieldId.NetworkKinds || Known.Value.Number != 0));
            case NotExpression not: return Not(Of(not.Operand));
            case ConditionalExpression conditional: return OfConditional(conditional);
            case LogicalExpression logical: return OfLogical(logical);
            case ComparisonExpression { Right: ConstantExpression right } comparison when isTerm(comparison.Left) && IsDecidable(comparison):
                return Known is null ? Truths.Error : Is(comparison.Holds(Known.Value, right.Value));
            case InConstantsExpression member when isTerm(member.Item):
                return Known is null ? Truths.Error : Is(member.Holds(Known.Value));
            case CidrContainsExpression { Network: ConstantExpression network } inside when isTerm(inside.Address):
                return Known is null ? Truths.Error : Is(CidrContainsExpression.Holds(network.Value, Known.Value));
            case InListExpression { Item: ConstantExpression item, List: FieldListExpression list } when list.Id == field && field == FieldId.NetworkKinds:
                return Known is null ? Truths.Error : Is(((Known.Value.Number >> (int)item.Value.Number) & 1) != 0);
            default: return Truths.Any;
        }
    }

    /// <summary>Whether the classes of values tell a comparison: of texts only equality, since other texts are one class.</summary>
    public static bool IsDecidable(ComparisonExpression comparison) => comparison.Left.Type.Kind switch
    {
        ExpressionKind.Text => comparison.Comparison <= Comparison.NotEqual,
        ExpressionKind.Ip => comparison.Comparison <= Comparison.NotEqual,
        ExpressionKind.Cidr => false,
        _ => true,
    };

    private static Truths Is(bool truth) => truth ? Truths.True : Truths.False;

    public static Truths Not(Truths truths) =>
        (truths & Truths.Error) | ((truths & Truths.True) != Truths.None ? Truths.False : Truths.None) | ((truths & Truths.False) != Truths.None ? Truths.True : Truths.None);

    private Truths OfConditional(ConditionalExpression conditional)
    {
        var condition = Of(conditional.Condition);
        var result = condition & Truths.Error;
        if ((condition & Truths.True) != Truths.None) result |= Of(conditional.Then);
        if ((condition & Truths.False) != Truths.None) result |= Of(conditional.Otherwise);
        return result;
    }

    /// <summary>"Or" is "and" of the negations.</summary>
    private Truths OfLogical(LogicalExpression logical)
    {
        var result = Truths.True;
        foreach (var operand in logical.Parts)
        {
            var next = logical.IsAnd ? Of(operand) : Not(Of(operand));
            result = And(result, next);
        }

        return logical.IsAnd ? result : Not(result);
    }

    public static Truths And(Truths left, Truths right)
    {
        var result = ((left & right) & Truths.True) | ((left | right) & Truths.False);
        var isError = ((left & Truths.Error) != Truths.None && (right & ~Truths.False) != Truths.None) || ((right & Truths.Error) != Truths.None && (left & ~Truths.False) != Truths.None);
        return isError ? result | Truths.Error : result;
    }
}
