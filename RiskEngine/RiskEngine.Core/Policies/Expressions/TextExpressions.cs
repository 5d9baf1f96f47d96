using System.Numerics;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Policies;

internal enum TextTest : byte
{
    StartsWith,
    EndsWith,
    Contains,
}

/// <summary><c>a.startsWith(b)</c>, <c>a.endsWith(b)</c>, <c>a.contains(b)</c>, on UTF-8, which finds what a search by code points finds.</summary>
internal sealed class TextTestExpression : Expression
{
    private readonly TextTest _test;
    private readonly Expression _text, _part;

    public TextTestExpression(TextTest test, Expression text, Expression part)
        : base(ExpressionType.Bool, text, part)
    {
        (_test, _text, _part) = (test, text, part);
        Cost += test == TextTest.Contains
            ? ExpressionLimits.SearchSteps + (part.LongestText / ExpressionLimits.SearchedBytesAStep)
            : Math.Min(text.LongestText, part.LongestText) / ExpressionLimits.ComparedBytesAStep;
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_text.TryEvaluate(ref frame, out value) || !_part.TryEvaluate(ref frame, out var other)) return false;
        value = Value.Of(_test switch
        {
            TextTest.StartsWith => value.Text.StartsWith(other.Text),
            TextTest.EndsWith => value.Text.EndsWith(other.Text),
            _ => value.Text.IndexOf(other.Text) >= 0,
        });
        return true;
    }

    public override string ToString() => $"{_text}.{char.ToLowerInvariant(_test.ToString()[0])}{_test.ToString()[1..]}({_part})";
}

/// <summary><c>a.matches("pattern")</c>: whether the pattern is found anywhere in the text, in time linear in its length.</summary>
/// <remarks>
/// RE2's syntax and meaning ("Regular Expressions"), see <see cref="PatternParser"/>. A text of more than <see cref="ExpressionLimits.MatchedLength"/>
/// bytes is an error.
/// </remarks>
internal sealed class MatchesExpression : Expression
{
    private readonly Expression _text;
    private readonly string _pattern;
    private readonly PatternProgram _program;

    private MatchesExpression(Expression text, string pattern, PatternProgram program)
        : base(ExpressionType.Bool, text)
    {
        (_text, _pattern, _program) = (text, pattern, program);
        Cost += 1 + (program.WorstNanoseconds / ExpressionLimits.StepNanoseconds);
    }

    /// <summary>Builds it, or says why the pattern cannot be used.</summary>
    public static MatchesExpression? TryCreate(Expression text, string pattern, out string? error)
    {
        error = null;
        if (pattern.Length > ExpressionLimits.PatternLength)
        {
            error = $"a pattern has at most {ExpressionLimits.PatternLength} characters, found {pattern.Length}";
            return null;
        }

        try
        {
            return new MatchesExpression(text, pattern, PatternProgram.Build(PatternParser.Parse(pattern)));
        }
        catch (FormatException e)
        {
            error = $"this is no pattern: {e.Message}";
            return null;
        }
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_text.TryEvaluate(ref frame, out value) || value.Text.Length > ExpressionLimits.MatchedLength) return false;
        value = Value.Of(_program.IsFoundIn(value.Text));
        return true;
    }

    public override string ToString() => $"{_text}.matches({ConstantExpression.Quote(_pattern)})";
}

/// <summary><c>size(text)</c>: its code points (CEL standard definitions).</summary>
internal sealed class TextSizeExpression : Expression
{
    private readonly Expression _text;

    public TextSizeExpression(Expression text)
        : base(ExpressionType.Int, text)
    {
        _text = text;
        Cost += text.LongestText / ExpressionLimits.ReadBytesAStep;
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_text.TryEvaluate(ref frame, out value)) return false;
        value = Value.Of((long)CodePoints(value.Text));
        return true;
    }

    public override string ToString() => $"size({_text})";

    /// <summary>Counts the bytes that begin a character, which are those that are not 10xxxxxx: eight at a time.</summary>
    private static int CodePoints(ReadOnlySpan<byte> text)
    {
        var count = text.Length;
        var eights = MemoryMarshal.Cast<byte, ulong>(text);
        foreach (var eight in eights) count -= BitOperations.PopCount(eight & ~(eight << 1) & 0x8080_8080_8080_8080);
        foreach (var unit in text[(eights.Length * sizeof(ulong))..])
        {
            if ((unit & 0xC0) == 0x80) count--;
        }

        return count;
    }
}
