using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>An expression with a type, which can be evaluated for a login.</summary>
/// <remarks>
/// Immutable and thread-safe. Evaluating allocates nothing and ends after at most <see cref="Cost"/> steps, with the reservation of
/// <see cref="ExpressionLimits.Steps"/>. <see cref="object.ToString"/> writes it in one spelling, with variables and lists in their place.
/// </remarks>
internal abstract class Expression
{
    protected Expression(ExpressionType type, params ReadOnlySpan<Expression> parts)
    {
        Type = type;
        Parts = parts.ToArray();
        Cost = 1;
        Depth = 1;
        foreach (var part in parts)
        {
            Cost += part.Cost;
            Depth = Math.Max(Depth, part.Depth + 1);
        }
    }

    public ExpressionType Type { get; }

    /// <summary>Gets what it is made of.</summary>
    public IReadOnlyList<Expression> Parts { get; }

    /// <summary>Gets the steps it may take.</summary>
    public long Cost { get; protected init; }

    /// <summary>Gets the bytes of the longest text that it, or an element of it, can be when costs are counted.</summary>
    public virtual int LongestText => ExpressionLimits.MatchedLength;

    /// <summary>Gets the levels of nesting.</summary>
    public int Depth { get; }

    /// <summary>The value, or false for an error in the sense of CEL: a missing field, an overflow, a division by zero.</summary>
    /// <param name="value">Meaningless where it is false.</param>
    public abstract bool TryEvaluate(scoped ref Frame frame, out Value value);

    /// <summary>Whether it is true; neither false nor an error is.</summary>
    public bool Holds(scoped ref Frame frame) => TryEvaluate(ref frame, out var value) && value.Number != 0;

    public abstract override string ToString();
}

/// <summary>A value that is written.</summary>
internal sealed class ConstantExpression : Expression
{
    private readonly long _number;
    private readonly double _real;
    private readonly IpAddress _address;
    private readonly byte[] _text;

    public ConstantExpression(ExpressionType type, in Value value)
        : base(type)
    {
        (_number, _real, _address) = (value.Number, value.Real, value.Address);
        _text = value.Text.ToArray();
    }

    public Value Value => new() { Number = _number, Real = _real, Address = _address, Text = _text };

    public override int LongestText => _text.Length;

    public string Text => System.Text.Encoding.UTF8.GetString(_text);

    public static ConstantExpression Of(long number) => new(ExpressionType.Int, Policies.Value.Of(number));

    public static ConstantExpression Of(double real) => new(ExpressionType.Double, Policies.Value.Of(real));

    public static ConstantExpression Of(bool truth) => new(ExpressionType.Bool, Policies.Value.Of(truth));

    public static ConstantExpression Of(string text) => new(ExpressionType.Text, Policies.Value.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    public static ConstantExpression Of(NameSet names, long code) => new(ExpressionType.Of(names), Policies.Value.Of(code));

    public static ConstantExpression Of(AddressPrefix network) => new(ExpressionType.Cidr, new Value { Address = network.First, Number = network.Length });

    public static ConstantExpression Timestamp(EventTime time) => new(ExpressionType.Timestamp, Policies.Value.Of(time.UnixMilliseconds));

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        value = Value;
        return true;
    }

    public override string ToString() => Type.Kind switch
    {
        ExpressionKind.Bool => _number != 0 ? "true" : "false",
        ExpressionKind.Int => _number.ToString(),
        ExpressionKind.Double => _real.ToString("R") is var text && text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : _real.ToString("R"),
        ExpressionKind.Text => Quote(Text),
        ExpressionKind.Name => Type.Names!.AreBare ? Type.Names.NameOf(_number) : Quote(Type.Names.NameOf(_number)),
        ExpressionKind.Timestamp => $"timestamp(\"{new EventTime(_number)}\")",
        ExpressionKind.Duration => $"duration(\"{(_number < 0 ? "-" : "")}{Durations.Format(TimeSpan.FromMilliseconds(_number))}\")",
        ExpressionKind.Ip => $"ip(\"{_address}\")",
        ExpressionKind.Cidr => $"cidr(\"{new AddressPrefix(_address, (byte)_number)}\")",
        _ => "",
    };

    /// <summary>A text in quotes, so that it reads back as the same.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r")}\"";
}

/// <summary>A field of the login.</summary>
internal sealed class FieldExpression(FieldDeclaration declared) : Expression(declared.Type)
{
    public FieldId Id => declared.Id;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value) => FieldReader.TryRead(declared.Id, ref frame, out value);

    public override string ToString() => declared.Path;
}

/// <summary>The variable of a macro: the outer one, or the one of a macro within.</summary>
internal sealed class LocalExpression(ExpressionType type, int level, int longestText) : Expression(type)
{
    public int Level => level;

    public override int LongestText => longestText;

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        value = level == 0 ? frame.Outer : frame.Inner;
        return true;
    }

    public override string ToString() => level == 0 ? "x" : "y";
}

/// <summary>The text of a name, for functions that look into texts.</summary>
internal sealed class NameTextExpression(Expression name) : Expression(ExpressionType.Text, name)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!name.TryEvaluate(ref frame, out value)) return false;
        value = Value.Of(name.Type.Names!.Utf8(value.Number));
        return true;
    }

    public override string ToString() => name.ToString();
}
