using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace RiskEngine.Core.Policies;

internal enum TextTest : byte
{
    StartsWith,
    EndsWith,
    Contains,
}

/// <summary><c>a.startsWith(b)</c>, <c>a.endsWith(b)</c>, <c>a.contains(b)</c>, on UTF-8, which finds what a search by code points finds.</summary>
internal sealed class TextTestExpression(TextTest test, Expression text, Expression part) : Expression(ExpressionType.Bool, text, part)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!text.TryEvaluate(ref frame, out value) || !part.TryEvaluate(ref frame, out var other)) return false;
        value = Value.Of(test switch
        {
            TextTest.StartsWith => value.Text.StartsWith(other.Text),
            TextTest.EndsWith => value.Text.EndsWith(other.Text),
            _ => value.Text.IndexOf(other.Text) >= 0,
        });
        return true;
    }

    public override string ToString() => $"{text}.{char.ToLowerInvariant(test.ToString()[0])}{test.ToString()[1..]}({part})";
}

/// <summary><c>a.matches("pattern")</c>: whether the pattern is found anywhere in the text, in time linear in its length.</summary>
/// <remarks>
/// CEL asks for RE2 ("Regular Expressions"); this is the automaton of .NET without backtracking, which refuses what RE2 refuses: look-around and
/// references to groups. A text of more than <see cref="ExpressionLimits.MatchedLength"/> bytes is an error.
/// </remarks>
internal sealed class MatchesExpression : Expression
{
    private readonly Expression _text;
    private readonly Regex _pattern;

    private MatchesExpression(Expression text, Regex pattern)
        : base(ExpressionType.Bool, text)
    {
        (_text, _pattern) = (text, pattern);
        Cost += 100;
    }

    /// <summary>Builds it, or says why the pattern cannot be used.</summary>
    public static MatchesExpression? TryCreate(Expression text, string pattern, out string? error)
    {
        error = null;
        if (pattern.Length > ExpressionLimits.PatternLength) error = $"a pattern has at most {ExpressionLimits.PatternLength} characters, found {pattern.Length}";
        else if (Repetitions(pattern) > ExpressionLimits.PatternRepetitions) error = $"the repetitions in a pattern multiply to at most {ExpressionLimits.PatternRepetitions}; use * or + in place of large numbers";
        if (error is not null) return null;
        try
        {
            return new MatchesExpression(text, new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (ArgumentException e)
        {
            error = $"this is no pattern: {e.Message}";
        }
        catch (NotSupportedException)
        {
            error = "look-around, references to groups and atomic groups are not supported in a pattern, since they cannot be matched in linear time";
        }

        return null;
    }

    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!_text.TryEvaluate(ref frame, out value)) return false;
        var text = value.Text;
        if (text.Length > ExpressionLimits.MatchedLength) return false;
        var rented = text.Length > 256 ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        Span<char> characters = rented ?? stackalloc char[256];
        var length = Encoding.UTF8.GetChars(text, characters);
        value = Value.Of(_pattern.IsMatch(characters[..length]));
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        return true;
    }

    public override string ToString() => $"{_text}.matches({ConstantExpression.Quote(_pattern.ToString())})";

    /// <summary>The product of the largest numbers in braces: nested repetitions multiply, and those side by side are counted as if they did.</summary>
    private static long Repetitions(string pattern)
    {
        var product = 1L;
        for (var at = pattern.IndexOf('{'); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            var end = pattern.IndexOf('}', at);
            if (end < 0) break;
            var largest = pattern[(at + 1)..end].Split(',').Select(part => long.TryParse(part, out var count) ? count : part.Length > 8 ? long.MaxValue : 1).Max();
            product = largest > ExpressionLimits.PatternRepetitions ? long.MaxValue : Math.Max(product, product * Math.Max(largest, 1));
            if (product > ExpressionLimits.PatternRepetitions) return product;
        }

        return product;
    }
}

/// <summary><c>size(text)</c>: its code points (CEL standard definitions).</summary>
internal sealed class TextSizeExpression(Expression text) : Expression(ExpressionType.Int, text)
{
    public override bool TryEvaluate(scoped ref Frame frame, out Value value)
    {
        if (!text.TryEvaluate(ref frame, out value)) return false;
        var count = 0L;
        foreach (var unit in value.Text)
        {
            if ((unit & 0xC0) != 0x80) count++;
        }

        value = Value.Of(count);
        return true;
    }

    public override string ToString() => $"size({text})";
}
