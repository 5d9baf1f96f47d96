namespace RiskEngine.Core.Policies;

/// <summary><c>!a</c>: an error stays one.</summary>
internal sealed class NotExpression(Expression operand) : Expression(ExpressionType.Bool, operand)
{
    public Expression Operand => operand;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var isKnown = operand.TryEvaluate(ref frame, out value);
        value.Number ^= 1;
        return isKnown;
    }

    public override string ToString() => $"!({operand})";
}

/// <summary><c>a &amp;&amp; b</c> and <c>a || b</c> of any number of operands, by Kleene's logic of three values.</summary>
/// <remarks>
/// An operand that decides, false for "and" and true for "or", makes errors of the others be ignored, wherever it stands; without one an error is
/// the result (CEL language definition, "Logical Operators").
/// </remarks>
internal sealed class LogicalExpression(bool isAnd, params Expression[] operands) : Expression(ExpressionType.Bool, operands)
{
    private readonly long _deciding = isAnd ? 0 : 1;

    public bool IsAnd => isAnd;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var isKnown = true;
        foreach (var operand in operands)
        {
            if (!operand.TryEvaluate(ref frame, out value)) isKnown = false;
            else if (value.Number == _deciding) return true;
        }

        value = Value.Of(_deciding ^ 1);
        return isKnown;
    }

    public override string ToString() => $"({string.Join(isAnd ? " && " : " || ", operands.Select(operand => operand.ToString()))})";
}

/// <summary><c>condition ? then : otherwise</c>: only the branch that is taken is evaluated (CEL language definition, "Logical Operators").</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression otherwise) : Expression(then.Type, condition, then, otherwise)
{
    public Expression Condition => condition;

    public Expression Then => then;

    public Expression Otherwise => otherwise;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value) =>
        condition.TryEvaluate(ref frame, out value) && (value.Number != 0 ? then : otherwise).TryEvaluate(ref frame, out value);

    public override string ToString() => $"({condition} ? {then} : {otherwise})";
}

/// <summary><c>has(group.field)</c>: whether anything is known of a field. Never an error (CEL language definition, "Field Selection").</summary>
internal sealed class HasFieldExpression(FieldDeclaration declared) : Expression(ExpressionType.Bool)
{
    public FieldId Id => declared.Id;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        var has = declared.Type.IsAggregate ? FieldReader.Count(declared.Id, ref frame) > 0 : FieldReader.TryRead(declared.Id, ref frame, out _);
        value = Value.Of(has);
        return true;
    }

    public override string ToString() => $"has({declared.Path})";
}
