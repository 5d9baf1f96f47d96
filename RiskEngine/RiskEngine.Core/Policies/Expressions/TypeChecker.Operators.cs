namespace RiskEngine.Core.Policies;

/// <content>Operators and their overloads (CEL language definition, "List of Standard Definitions").</content>
internal sealed partial class TypeChecker
{
    private Expression Unary(UnarySyntax unary)
    {
        if (unary.Operator == '!') return new NotExpression(Check(unary.Operand, ExpressionType.Bool, "! negates a condition"));
        var operand = Check(unary.Operand);
        return operand.Type.IsNumber ? new NegationExpression(operand) : throw Fault(unary, $"only numbers have a negative: expected int or double, found {operand.Type}");
    }

    private Expression Binary(BinarySyntax binary) => binary.Operator switch
    {
        "in" => In(binary),
        "==" => Compare(binary, Comparison.Equal),
        "!=" => Compare(binary, Comparison.NotEqual),
        "<" => Compare(binary, Comparison.Less),
        "<=" => Compare(binary, Comparison.LessOrEqual),
        ">" => Compare(binary, Comparison.Greater),
        ">=" => Compare(binary, Comparison.GreaterOrEqual),
        _ => Arithmetic(binary),
    };

    private ComparisonExpression Compare(BinarySyntax binary, Comparison comparison)
    {
        var (left, right) = Alike(binary.Left, Check(binary.Left), binary.Right, Check(binary.Right));
        if (left.Type != right.Type && !(left.Type.IsNumber && right.Type.IsNumber))
            throw Fault(binary.Right, $"{binary.Operator} compares values of one type: expected {left.Type}, found {right.Type}{Rewrite(left.Type, right.Type)}");
        if (left.Type.IsAggregate) throw Fault(binary, $"lists are not compared with {binary.Operator}; ask what is in them with in, exists or all");
        var isOrdered = left.Type.Kind is not (ExpressionKind.Ip or ExpressionKind.Cidr) && (left.Type.Kind != ExpressionKind.Name || left.Type.Names!.AreBare);
        if (comparison > Comparison.NotEqual && !isOrdered) throw Fault(binary, $"values of type {left.Type} have no order; compare them with == or in");
        return new ComparisonExpression(left, comparison, right);
    }

    private static string Rewrite(ExpressionType left, ExpressionType right) => (left.Kind, right.Kind) switch
    {
        (ExpressionKind.Timestamp, ExpressionKind.Text) => "; write timestamp(\"…\")",
        (ExpressionKind.Duration, _) => "; write duration(\"…\")",
        (ExpressionKind.Ip, ExpressionKind.Text) => "; write ip(\"…\"), or cidr(\"…\").contains(…)",
        (ExpressionKind.Ip, ExpressionKind.Cidr) => "; write cidr(\"…\").contains(…)",
        (ExpressionKind.List, _) => "; ask with in: … in the list",
        _ => "",
    };

    private Expression In(BinarySyntax binary)
    {
        if (IsSignals(binary.Right)) return InSignals(binary);
        var item = Check(binary.Left);
        if (binary.Right is SelectSyntax { Target: NameSyntax { Name: "lists" } } named && !_locals.Exists(local => local.Name == "lists")) return InNamed(binary, item, Listed(named));
        var list = Range(binary.Right, "in asks a list or the keys of a map");
        if (list is ConstantListExpression constants) return InConstants(binary, item, constants, "an entry");
        if (list.Element.Kind == ExpressionKind.Name && item is ConstantExpression { Type.Kind: ExpressionKind.Text } text) item = ToName(binary.Left, text, list.Element.Names!);
        return item.Type == list.Element || (item.Type.IsNumber && list.Element.IsNumber) ? new InListExpression(item, list) : throw Fault(binary.Left, $"this list holds {list.Element}, found {item.Type}");
    }

    private Expression InSignals(BinarySyntax binary)
    {
        var item = Check(binary.Left);
        if (item is ConstantExpression { Type.Kind: ExpressionKind.Text } text) return new SignalPresentExpression((int)ToName(binary.Left, text, NameSet.Signals).Value.Number);
        return item.Type == ExpressionType.Of(NameSet.Signals) ? new InListExpression(item, SignalNames()) : throw Fault(binary.Left, $"expected the name of a signal, found {item.Type}");
    }

    /// <summary>A list that ends is asked only until then.</summary>
    private Expression InNamed(BinarySyntax binary, Expression item, NamedList list)
    {
        var asked = InConstants(binary, item, new ConstantListExpression(list.Element, list.Items, list.Name), $"lists.{list.Name}");
        if (list.Until is not { } until) return asked;
        var now = new FieldExpression(_scope.Schema.Fields["event.occurred_at"]);
        return new LogicalExpression(isAnd: true, new ComparisonExpression(now, Comparison.Less, ConstantExpression.Timestamp(until)), asked);
    }

    private static Expression InConstants(BinarySyntax binary, Expression item, ConstantListExpression list, string what)
    {
        if (list.Items.Count == 0) return new InConstantsExpression(item, new ConstantListExpression(item.Type, []));
        if (item.Type.Kind == ExpressionKind.Name && list.Element == ExpressionType.Text)
        {
            if (binary.Right is ListSyntax written)
                list = new ConstantListExpression(item.Type, [.. list.Items.Select((text, i) => ToName(written.Items[i], text, item.Type.Names!))]);
            else list = Named(binary.Right, list, item.Type.Names!, what);
        }

        if (item.Type.IsNumber && list.Element.IsNumber && item.Type != list.Element) return new InConstantsExpression(item, AsNumbers(item.Type, list));
        var fits = item.Type == list.Element || (item.Type.Kind == ExpressionKind.Ip && list.Element.Kind == ExpressionKind.Cidr);
        if (fits) return new InConstantsExpression(item, list);
        var example = list.Items.Count > 0 && item.Type.Kind == ExpressionKind.Ip ? "; entries such as 203.0.113.0/24 make a list of networks" : "";
        throw Fault(binary.Left, $"the list holds {list.Element}, found {item.Type} to look for{example}");
    }

    /// <summary>The entries that a number of that type can equal: none is rounded.</summary>
    private static ConstantListExpression AsNumbers(ExpressionType type, ConstantListExpression list)
    {
        List<ConstantExpression> items = [];
        foreach (var item in list.Items)
        {
            var other = type.Kind == ExpressionKind.Double ? ConstantExpression.Of((double)item.Value.Number) : ConstantExpression.Of((long)item.Value.Real);
            if (new ComparisonExpression(item, Comparison.Equal, other).Holds(item.Value, other.Value)) items.Add(other);
        }

        return new ConstantListExpression(type, items);
    }

    private Expression Arithmetic(BinarySyntax binary)
    {
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        var type = (left.Type.Kind, binary.Operator, right.Type.Kind) switch
        {
            (ExpressionKind.Int, _, ExpressionKind.Int) => ExpressionType.Int,
            (ExpressionKind.Double, not "%", ExpressionKind.Double) => ExpressionType.Double,
            (ExpressionKind.Duration, "+" or "-", ExpressionKind.Duration) => ExpressionType.Duration,
            (ExpressionKind.Timestamp, "+" or "-", ExpressionKind.Duration) => ExpressionType.Timestamp,
            (ExpressionKind.Duration, "+", ExpressionKind.Timestamp) => ExpressionType.Timestamp,
            (ExpressionKind.Timestamp, "-", ExpressionKind.Timestamp) => ExpressionType.Duration,
            _ => null,
        };
        if (type is not null) return new ArithmeticExpression(type, left, binary.Operator[0], right);
        var remedy = left.Type.IsNumber && right.Type.IsNumber ? "; whole and real numbers do not mix: write double(…), or 2.0 for 2"
            : left.Type.IsText || left.Type.Kind == ExpressionKind.List ? "; texts and lists are not joined here" : "";
        throw Fault(binary, $"{binary.Operator} is not made for {left.Type} and {right.Type}{remedy}");
    }
}
