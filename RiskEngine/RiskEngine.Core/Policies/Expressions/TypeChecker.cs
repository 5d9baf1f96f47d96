namespace RiskEngine.Core.Policies;

/// <summary>Gives every part of an expression its type, or says what is wrong with it: the only way from text to what can be evaluated.</summary>
/// <remarks>
/// Strict where CEL may be gradual: there is no <c>dyn</c>. Functions of constants are computed once, here; one that would always be an error is a
/// fault. Several operands of "and" and "or" can be wrong at once, and all are told.
/// </remarks>
internal sealed partial class TypeChecker
{
    private readonly ExpressionScope _scope;
    private readonly List<ExpressionFault> _faults = [];
    private readonly List<(string Name, ExpressionType Type, int LongestText)> _locals = [];
    private int _depth;

    private TypeChecker(ExpressionScope scope) => _scope = scope;

    /// <summary>Reads and checks an expression; null where anything is wrong.</summary>
    /// <param name="wanted">The type it must have; null for any.</param>
    /// <param name="faults">What is wrong, in the order of the text.</param>
    public static Expression? Compile(string text, ExpressionScope scope, ExpressionType? wanted, out IReadOnlyList<ExpressionFault> faults)
    {
        var checker = new TypeChecker(scope);
        try
        {
            var expression = checker.Check(ExpressionParser.Parse(text));
            if (wanted is not null && expression.Type != wanted) checker._faults.Add(new ExpressionFault(0, $"expected {wanted}, found {expression.Type}{ConditionHint(expression)}"));
            faults = checker._faults;
            return checker._faults.Count == 0 ? expression : null;
        }
        catch (ExpressionException e)
        {
            faults = [.. checker._faults.Append(e.Fault).OrderBy(fault => fault.Offset)];
            return null;
        }
    }

    private static string ConditionHint(Expression found) => found.Type.Kind switch
    {
        ExpressionKind.Int or ExpressionKind.Double => $"; compare it, as in {found} >= {(found.Type.Kind == ExpressionKind.Int ? "10" : "10.0")}",
        ExpressionKind.Name when found.Type.Names!.AreBare => $"; compare it, as in {found} >= medium",
        ExpressionKind.List => $"; ask what is in it, as in \"…\" in {found}",
        _ => "; a condition is true or false",
    };

    private Expression Check(Syntax syntax)
    {
        if (++_depth > ExpressionLimits.Depth) throw Fault(syntax, $"nested more than {ExpressionLimits.Depth} levels deep; give parts names under variables");
        var expression = Bounded(syntax, syntax switch
        {
            IntegerSyntax integer => ConstantExpression.Of(integer.Value),
            DoubleSyntax real => ConstantExpression.Of(real.Value),
            TextSyntax text => ConstantExpression.Of(text.Value),
            BoolSyntax truth => ConstantExpression.Of(truth.Value),
            NameSyntax name => Name(name),
            SelectSyntax select => Select(select),
            IndexSyntax index => Index(index),
            CallSyntax call => Call(call),
            UnarySyntax unary => Unary(unary),
            BinarySyntax binary => Binary(binary),
            LogicalSyntax logical => Logical(logical),
            ConditionalSyntax conditional => Conditional(conditional),
            ListSyntax list => List(list),
            _ => throw Fault(syntax, "a map can only be asked for a key, as in {\"DE\": 1}[geo.country]"),
        });
        _depth--;
        return expression;
    }

    private Expression Check(Syntax syntax, ExpressionType wanted, string what)
    {
        var expression = Check(syntax);
        return expression.Type == wanted ? expression : throw Fault(syntax, $"{what}: expected {wanted}, found {expression.Type}{(wanted == ExpressionType.Bool ? ConditionHint(expression) : "")}");
    }

    /// <summary>Refuses what would take too many steps or too much stack, and computes what is constant.</summary>
    private static Expression Bounded(Syntax syntax, Expression expression)
    {
        if (expression.Cost > ExpressionLimits.Cost)
            throw Fault(syntax, $"this may take {expression.Cost} steps and a condition at most {ExpressionLimits.Cost}; ask fewer lists within lists, shorten patterns or let them begin with ^, or split the rule");
        if (expression.Depth > ExpressionLimits.Depth) throw Fault(syntax, $"nested more than {ExpressionLimits.Depth} levels deep, variables included");
        if (expression.Type.IsAggregate || expression is SignalContributionExpression || expression.Parts.Count == 0 || !expression.Parts.All(part => part is ConstantExpression)) return expression;
        var frame = default(Frame);
        if (!expression.TryEvaluate(ref frame, out var value))
            throw Fault(syntax, $"{expression} is an error for every login: a number or time out of range, or a division by zero");
        return new ConstantExpression(expression.Type, value);
    }

    private static ExpressionException Fault(Syntax at, string message) => new(at.Offset, message);

    private Expression Logical(LogicalSyntax logical)
    {
        var symbol = logical.IsAnd ? "&&" : "||";
        List<Expression> operands = [];
        var (depth, locals) = (_depth, _locals.Count);
        foreach (var operand in logical.Operands)
        {
            try
            {
                operands.Add(Check(operand, ExpressionType.Bool, $"{symbol} joins conditions"));
            }
            catch (ExpressionException e)
            {
                _faults.Add(e.Fault);
                _depth = depth;
                _locals.RemoveRange(locals, _locals.Count - locals);
            }
        }

        return operands.Count == 0 ? ConstantExpression.Of(false) : new LogicalExpression(logical.IsAnd, [.. operands]);
    }

    private Expression Conditional(ConditionalSyntax conditional)
    {
        var condition = Check(conditional.Condition, ExpressionType.Bool, "before the ?");
        var (then, otherwise) = Alike(conditional.Then, Check(conditional.Then), conditional.Else, Check(conditional.Else));
        if (then.Type != otherwise.Type) throw Fault(conditional.Else, $"both sides of the : are of one type: expected {then.Type}, found {otherwise.Type}");
        if (then.Type.IsAggregate) throw Fault(conditional.Then, "a conditional chooses between single values; put the in or the macro into both sides");
        return new ConditionalExpression(condition, then, otherwise);
    }

    private ListExpression List(ListSyntax list)
    {
        List<Expression> items = [];
        foreach (var item in list.Items)
        {
            var expression = Check(item);
            if (expression.Type.IsAggregate) throw Fault(item, "a list holds single values here, no lists");
            if (items.Count > 0)
            {
                (_, expression) = Alike(list.Items[0], items[0], item, expression);
                if (expression.Type != items[0].Type) throw Fault(item, $"a list holds values of one type: expected {items[0].Type}, found {expression.Type}");
            }

            items.Add(expression);
        }

        var element = items.Count == 0 ? ExpressionType.Nothing : items[0].Type;
        return items.TrueForAll(item => item is ConstantExpression)
            ? new ConstantListExpression(element, [.. items.Cast<ConstantExpression>()])
            : new ComputedListExpression(element, [.. items]);
    }

    /// <summary>Brings two values to one type where one is a name and the other a text: a text that is written must be a name of the set.</summary>
    private static (Expression First, Expression Second) Alike(Syntax firstAt, Expression first, Syntax secondAt, Expression second)
    {
        if (first.Type == second.Type) return (first, second);
        if (first.Type.Kind == ExpressionKind.Name && second is ConstantExpression { Type.Kind: ExpressionKind.Text } text) return (first, ToName(secondAt, text, first.Type.Names!));
        if (second.Type.Kind == ExpressionKind.Name && first is ConstantExpression { Type.Kind: ExpressionKind.Text } other) return (ToName(firstAt, other, second.Type.Names!), second);
        return first.Type.IsText && second.Type.IsText ? (AsText(firstAt, first), AsText(secondAt, second)) : (first, second);
    }

    private static ConstantExpression ToName(Syntax at, ConstantExpression text, NameSet names)
    {
        if (names.AreBare)
            throw Fault(at, $"a {names.What} is written without quotes: {(names.TryFind(text.Text, out _, out _) ? text.Text : NearestName.Of(text.Text, names.All) ?? string.Join(", ", names.All))}");
        return names.TryFind(text.Text, out var code, out var error) ? ConstantExpression.Of(names, code) : throw Fault(at, error!);
    }

    private static Expression AsText(Syntax at, Expression expression) => expression.Type switch
    {
        { Kind: ExpressionKind.Text } => expression,
        { IsText: true } => new NameTextExpression(expression),
        _ => throw Fault(at, $"expected string, found {expression.Type}"),
    };
}
