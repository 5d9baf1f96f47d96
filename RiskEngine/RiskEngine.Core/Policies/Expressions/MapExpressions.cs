namespace RiskEngine.Core.Policies;

/// <summary>A map that is written out, <c>{"DE": 1, "AT": 2}</c>, with constants for keys. Only what is asked of it is evaluated as an expression.</summary>
/// <param name="Keys">Its keys, each once.</param>
/// <param name="Values">The value of each, of one type.</param>
internal sealed record MapLiteral(ConstantListExpression Keys, IReadOnlyList<Expression> Values);

/// <summary><c>map[key]</c>: a key that is not there is an error, and so is an error among the values.</summary>
internal sealed class MapIndexExpression(MapLiteral map, Expression key) : Expression(map.Values[0].Type, [key, .. map.Values])
{
    private readonly ComparisonExpression _equal = new(key, Comparison.Equal, key);

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        value = default;
        if (!key.TryEvaluate(ref frame, out var wanted)) return false;
        var isFound = false;
        for (var i = 0; i < map.Values.Count; i++)
        {
            if (!map.Values[i].TryEvaluate(ref frame, out var candidate)) return false;
            if (!_equal.Holds(wanted, map.Keys.Items[i].Value)) continue;
            value = candidate;
            isFound = true;
        }

        return isFound;
    }

    public override string ToString() => $"{{{string.Join(", ", map.Values.Select((value, i) => $"{map.Keys.Items[i]}: {value}"))}}}[{key}]";
}

/// <summary><c>"password_spray" in signals</c> and <c>has(signals.password_spray)</c>: one bit.</summary>
internal sealed class SignalPresentExpression(int code) : Expression(ExpressionType.Bool)
{
    public int Code => code;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        value = Value.Of((long)((frame.Present >> code) & 1));
        return true;
    }

    public override string ToString() => $"({ConstantExpression.Quote(NameSet.Signals.NameOf(code))} in signals)";
}

/// <summary><c>signals.password_spray</c>: its contribution in nats; an error where the signal is not there.</summary>
internal sealed class SignalContributionExpression(Expression code) : Expression(ExpressionType.Double, code)
{
    /// <summary>Gets which one; a constant where it is named.</summary>
    public Expression Code => code;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!code.TryEvaluate(ref frame, out value)) return false;
        foreach (ref readonly var signal in frame.Signals)
        {
            if ((long)signal.Code != value.Number) continue;
            value = Value.Of(signal.Contribution);
            return true;
        }

        return false;
    }

    public override string ToString() => code is ConstantExpression constant ? $"signals.{NameSet.Signals.NameOf(constant.Value.Number)}" : $"signals[{code}]";
}
