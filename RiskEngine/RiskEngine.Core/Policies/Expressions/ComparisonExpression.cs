namespace RiskEngine.Core.Policies;

internal enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>One of <c>== != &lt; &lt;= &gt; &gt;=</c> between two values of one type, or between an int and a double as numbers.</summary>
/// <remarks>
/// Texts are ordered by code points, which is the order of their UTF-8; false is less than true (CEL language definition, "Equality and
/// Ordering"). A constant stands on the right.
/// </remarks>
internal sealed class ComparisonExpression : Expression
{
    private readonly Expression _left, _right;

    public ComparisonExpression(Expression left, Comparison comparison, Expression right)
        : base(ExpressionType.Bool, left, right)
    {
        (_left, Comparison, _right) = left is ConstantExpression && right is not ConstantExpression ? (right, Mirror(comparison), left) : (left, comparison, right);
        if (left.Type.Kind == ExpressionKind.Text) Cost += Math.Min(left.LongestText, right.LongestText) / ExpressionLimits.ComparedBytesAStep;
    }

    public Comparison Comparison { get; }

    public Expression Left => _left;

    public Expression Right => _right;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_left.TryEvaluate(ref frame, out value) || !_right.TryEvaluate(ref frame, out var right)) return false;
        value = Value.Of(Holds(value, right));
        return true;
    }

    /// <summary>Whether it holds between two values of the types of its operands.</summary>
    public bool Holds(in Value left, in Value right)
    {
        switch (_left.Type.Kind)
        {
            case ExpressionKind.Double when _right.Type.Kind == ExpressionKind.Int && double.IsNaN(left.Real):
            case ExpressionKind.Int when _right.Type.Kind == ExpressionKind.Double && double.IsNaN(right.Real):
                return Comparison == Comparison.NotEqual;
            case ExpressionKind.Double:
                return _right.Type.Kind == ExpressionKind.Int ? Is(Numbers.Compare(left.Real, right.Number)) : IsReal(left.Real, right.Real);
            case ExpressionKind.Int when _right.Type.Kind == ExpressionKind.Double:
                return Is(-Numbers.Compare(right.Real, left.Number));
            case ExpressionKind.Text:
                return Comparison == Comparison.Equal ? left.Text.SequenceEqual(right.Text) : Is(left.Text.SequenceCompareTo(right.Text));
            case ExpressionKind.Ip:
                return Is(left.Address.CompareTo(right.Address));
            case ExpressionKind.Cidr:
                return Is(left.Address.CompareTo(right.Address) is var order && order != 0 ? order : left.Number.CompareTo(right.Number));
            default:
                return Is(left.Number.CompareTo(right.Number));
        }
    }

    public override string ToString() => $"({_left} {Symbol(Comparison)} {_right})";

    public static string Symbol(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "==",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };

    private bool Is(int order) => Comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    /// <summary>As IEEE 754 has it: what is not a number equals nothing, itself included (CEL language definition, "Equality").</summary>
    private bool IsReal(double left, double right) => Comparison switch
    {
        Comparison.Equal => left == right,
        Comparison.NotEqual => left != right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        _ => left >= right,
    };

    private static Comparison Mirror(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };
}

/// <summary>Comparing whole and real numbers without rounding either.</summary>
internal static class Numbers
{
    private const double Beyond = 9_223_372_036_854_775_808.0;

    /// <summary>Less than 0, 0 or more, as the first is less than, equal to or more than the second.</summary>
    public static int Compare(double real, long whole)
    {
        if (real >= Beyond) return 1;
        if (!(real >= -Beyond)) return -1;
        var floor = Math.Floor(real);
        var order = ((long)floor).CompareTo(whole);
        return order != 0 ? order : real > floor ? 1 : 0;
    }
}
