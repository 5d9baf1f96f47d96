namespace RiskEngine.Core.Policies;

/// <summary><c>+ - * / %</c> on numbers, durations and timestamps.</summary>
/// <remarks>
/// Beyond 64 bits, beyond the years 1 to 9999 and at a division of whole numbers by zero the result is an error (CEL language definition,
/// "Overflow"). Doubles follow IEEE 754. Whole and real numbers do not mix: <c>double(…)</c> and <c>int(…)</c> convert.
/// </remarks>
internal sealed class ArithmeticExpression(ExpressionType type, Expression left, char symbol, Expression right) : Expression(type, left, right)
{
    /// <summary>Milliseconds since 1970 of 0001-01-01T00:00:00Z and of the last one of the year 9999.</summary>
    internal const long Earliest = -62_135_596_800_000, Latest = 253_402_300_799_999;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!left.TryEvaluate(ref frame, out value) || !right.TryEvaluate(ref frame, out var other)) return false;
        if (Type.Kind == ExpressionKind.Double)
        {
            value = Value.Of(symbol switch
            {
                '+' => value.Real + other.Real,
                '-' => value.Real - other.Real,
                '*' => value.Real * other.Real,
                _ => value.Real / other.Real,
            });
            return true;
        }

        if (!TryWhole(value.Number, other.Number, out var result)) return false;
        value = Value.Of(result);
        return Type.Kind != ExpressionKind.Timestamp || result is >= Earliest and <= Latest;
    }

    private bool TryWhole(long first, long second, out long result)
    {
        Int128 wide;
        switch (symbol)
        {
            case '+': wide = (Int128)first + second; break;
            case '-': wide = (Int128)first - second; break;
            case '*': wide = (Int128)first * second; break;
            default:
                if (second == 0)
                {
                    result = 0;
                    return false;
                }

                // The one quotient that does not fit is that of the least number by −1; its remainder is 0.
                wide = symbol == '/' ? (Int128)first / second : (Int128)first % second;
                break;
        }

        result = (long)wide;
        return wide == result;
    }

    public override string ToString() => $"({left} {symbol} {right})";
}

/// <summary><c>-a</c>.</summary>
internal sealed class NegationExpression(Expression operand) : Expression(operand.Type, operand)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!operand.TryEvaluate(ref frame, out value)) return false;
        var fits = value.Number != long.MinValue;
        value = Type.Kind == ExpressionKind.Double ? Value.Of(-value.Real) : Value.Of(fits ? -value.Number : 0);
        return fits;
    }

    public override string ToString() => $"-({operand})";
}

/// <summary><c>int(a)</c>, which rounds toward zero, and <c>double(a)</c>. A double beyond 64 bits is an error (CEL standard definitions).</summary>
internal sealed class ConversionExpression(ExpressionType type, Expression operand) : Expression(type, operand)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!operand.TryEvaluate(ref frame, out value)) return false;
        if (Type.Kind == ExpressionKind.Double)
        {
            if (operand.Type.Kind == ExpressionKind.Int) value = Value.Of((double)value.Number);
            return true;
        }

        if (operand.Type.Kind == ExpressionKind.Int) return true;
        var fits = value.Real is > -9_223_372_036_854_775_808.0 and < 9_223_372_036_854_775_808.0;
        value = Value.Of(fits ? (long)value.Real : 0);
        return fits;
    }

    public override string ToString() => $"{Type}({operand})";
}
