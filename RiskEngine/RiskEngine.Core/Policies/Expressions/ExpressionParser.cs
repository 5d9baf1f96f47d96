using System.Globalization;

namespace RiskEngine.Core.Policies;

/// <summary>Reads the grammar of CEL (language definition, "Syntax") by recursive descent, with precedence climbing for the binary operators.</summary>
/// <remarks>Every level of recursion and every link of a chain counts towards <see cref="ExpressionLimits.Depth"/>, so no text exhausts the stack.</remarks>
internal sealed class ExpressionParser
{
    private const int Relation = 3;

    private static readonly HashSet<string> Reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ];

    private static readonly Dictionary<string, int> Precedence = new()
    {
        ["||"] = 1, ["&&"] = 2, ["=="] = Relation, ["!="] = Relation, ["<"] = Relation, ["<="] = Relation, [">"] = Relation, [">="] = Relation, ["in"] = Relation,
        ["+"] = 4, ["-"] = 4, ["*"] = 5, ["/"] = 5, ["%"] = 5,
    };

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private ExpressionParser(List<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_at];

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static Syntax Parse(string text)
    {
        var parser = new ExpressionParser(Lexer.Read(text));
        if (parser.Current.Kind == TokenKind.End) throw new ExpressionException(0, "expected an expression, found nothing; leave out \"when\" for a rule that always holds");
        var expression = parser.Expression();
        if (parser.Current.Kind == TokenKind.End) return expression;
        throw new ExpressionException(parser.Current.Offset, $"expected an operator or the end, found {parser.Current.Describe()}{Hint(parser.Current)}");
    }

    private static string Hint(Token found) => found.Kind == TokenKind.Name ? found.Text.ToLowerInvariant() switch
    {
        "and" => "; write && for and",
        "or" => "; write || for or",
        "not" => "; write ! for not",
        "is" or "equals" => "; write ==",
        _ => "",
    }
    : "";

    private Syntax Expression()
    {
        Enter();
        var condition = Binary(1);
        if (Take("?"))
        {
            var then = Binary(1);
            Expect(":", "of a conditional, as in a ? b : c");
            condition = new ConditionalSyntax(condition.Offset, condition, then, Expression());
        }

        _depth--;
        return condition;
    }

    private Syntax Binary(int least)
    {
        var left = Unary();
        var links = 0;
        while (OperatorHere() is { } symbol && Precedence[symbol] is var precedence && precedence >= least)
        {
            if (precedence <= 2)
            {
                left = Row(left, symbol, precedence);
                continue;
            }

            if (++links > ExpressionLimits.Depth) throw TooDeep();
            _at++;
            left = new BinarySyntax(left.Offset, symbol, left, Binary(precedence + 1));
        }

        return left;
    }

    private LogicalSyntax Row(Syntax first, string symbol, int precedence)
    {
        List<Syntax> operands = [first];
        while (Take(symbol)) operands.Add(Binary(precedence + 1));
        return new LogicalSyntax(first.Offset, symbol == "&&", operands);
    }

    private string? OperatorHere() => Current.Kind == TokenKind.Symbol && Precedence.ContainsKey(Current.Text) ? Current.Text : Current.IsWord("in") ? "in" : null;

    private Syntax Unary()
    {
        var start = Current;
        if (!start.Is("!") && !start.Is("-")) return Member();
        var count = 0;
        while (Take(start.Text)) count++;
        if (start.Text == "-" && Current.Kind is TokenKind.Integer or TokenKind.Double)
        {
            // The least integer has no positive counterpart, so the sign belongs to the number.
            count--;
            return Signs('-', count, MemberOf(Number(start.Offset, "-")), start.Offset);
        }

        return Signs(start.Text[0], count, Member(), start.Offset);
    }

    /// <summary>Pairs of signs cancel out.</summary>
    private static Syntax Signs(char sign, int count, Syntax operand, int offset) => count == 0 ? operand : count % 2 == 1
        ? new UnarySyntax(offset, sign, operand)
        : new UnarySyntax(offset, sign, new UnarySyntax(offset, sign, operand));

    private Syntax Member() => MemberOf(Primary());

    private Syntax MemberOf(Syntax target)
    {
        for (var links = 0; ; links++)
        {
            if (links > ExpressionLimits.Depth) throw TooDeep();
            if (Take("."))
            {
                var name = ExpectName("a name behind the dot");
                target = Current.Is("(")
                    ? new CallSyntax(target.Offset, target, name.Text, name.Offset, Arguments())
                    : new SelectSyntax(target.Offset, target, name.Text, name.Offset);
            }
            else if (Take("["))
            {
                var index = Expression();
                Expect("]", "behind the index");
                target = new IndexSyntax(target.Offset, target, index);
            }
            else if (Current.Is("{"))
            {
                throw new ExpressionException(Current.Offset, "messages (Name{…}) are not part of the language here");
            }
            else
            {
                return target;
            }
        }
    }

    private Syntax Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Integer or TokenKind.Double:
                return Number(token.Offset, "");
            case TokenKind.Text:
                _at++;
                return new TextSyntax(token.Offset, token.Text);
            case TokenKind.Name:
                return Name();
        }

        if (Take("("))
        {
            var inner = Expression();
            Expect(")", $"to close the one at character {token.Offset + 1}");
            return inner;
        }

        if (token.Is("[")) return List();
        if (token.Is("{")) return Map();
        throw new ExpressionException(token.Offset, $"expected a value, found {token.Describe()}");
    }

    private Syntax Name()
    {
        var token = Current;
        if (token.IsWord("null")) throw new ExpressionException(token.Offset, "null is not part of the language here; ask has(…) whether a field is there");
        var name = ExpectName("a name");
        if (name.Text is "true" or "false") return new BoolSyntax(name.Offset, name.Text == "true");
        return Current.Is("(") ? new CallSyntax(name.Offset, null, name.Text, name.Offset, Arguments()) : new NameSyntax(name.Offset, name.Text);
    }

    private Syntax Number(int offset, string sign)
    {
        var token = _tokens[_at++];
        var text = sign + token.Text;
        if (token.Kind == TokenKind.Double)
        {
            var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(real) ? new DoubleSyntax(offset, real) : throw new ExpressionException(offset, $"{text} is larger than any number");
        }

        if (token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (ulong.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) && bits <= long.MaxValue)
                return new IntegerSyntax(offset, sign.Length > 0 ? -(long)bits : (long)bits);
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return new IntegerSyntax(offset, value);
        }

        throw new ExpressionException(offset, $"{text} does not fit into 64 bits");
    }

    private List<Syntax> Arguments()
    {
        Expect("(", "");
        return Items(")");
    }

    private ListSyntax List()
    {
        var offset = _tokens[_at++].Offset;
        return new ListSyntax(offset, Items("]"));
    }

    /// <summary>Expressions with commas between them up to a closing symbol; a last comma is allowed.</summary>
    private List<Syntax> Items(string close)
    {
        List<Syntax> items = [];
        while (!Take(close))
        {
            if (items.Count > 0) Expect(",", $"or \"{close}\"");
            if (Take(close)) break;
            items.Add(Expression());
            if (items.Count > ExpressionLimits.Elements) throw TooMany(items[^1].Offset);
        }

        return items;
    }

    private MapSyntax Map()
    {
        var offset = _tokens[_at++].Offset;
        List<(Syntax Key, Syntax Value)> entries = [];
        while (!Take("}"))
        {
            if (entries.Count > 0) Expect(",", "or \"}\"");
            if (Take("}")) break;
            var key = Expression();
            Expect(":", "between a key and its value");
            entries.Add((key, Expression()));
            if (entries.Count > ExpressionLimits.Elements) throw TooMany(key.Offset);
        }

        return new MapSyntax(offset, entries);
    }

    private Token ExpectName(string what)
    {
        var token = Current;
        if (token.Kind != TokenKind.Name) throw new ExpressionException(token.Offset, $"expected {what}, found {token.Describe()}");
        if (token.Text == "in" || Reserved.Contains(token.Text)) throw new ExpressionException(token.Offset, $"expected {what}, found \"{token.Text}\", which CEL reserves");
        _at++;
        return token;
    }

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol)) return false;
        _at++;
        return true;
    }

    private void Expect(string symbol, string why)
    {
        if (!Take(symbol)) throw new ExpressionException(Current.Offset, $"expected \"{symbol}\" {why}".TrimEnd() + $", found {Current.Describe()}{Hint(Current)}");
    }

    private void Enter()
    {
        if (++_depth > ExpressionLimits.Depth) throw TooDeep();
    }

    private ExpressionException TooDeep() => new(Current.Offset, $"nested more than {ExpressionLimits.Depth} levels deep; give parts names under variables");

    private static ExpressionException TooMany(int offset) => new(offset, $"a list has at most {ExpressionLimits.Elements} entries; put longer ones under lists");
}
