using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <content>Functions and macros.</content>
internal sealed partial class TypeChecker
{
    private static readonly string[] Functions = ["has", "size", "duration", "timestamp", "ip", "cidr", "int", "double"];

    private static readonly string[] Methods = ["exists", "all", "exists_one", "filter", "map", "startsWith", "endsWith", "contains", "matches", "size", .. TimePartExpression.All];

    private Expression Call(CallSyntax call) => call.Target is null ? Function(call) : Method(call, call.Target);

    private Expression Function(CallSyntax call)
    {
        if (!Functions.Contains(call.Name))
        {
            var remedy = Methods.Contains(call.Name) ? $"; it stands behind a dot: value.{call.Name}(…)" : NearestName.Suggest(call.Name, Functions);
            throw Fault(call, $"no function is called \"{call.Name}\"{remedy}");
        }

        var argument = Single(call);
        return call.Name switch
        {
            "has" => Has(argument),
            "size" => Size(argument),
            "duration" => Literal(call, argument, text => TimeLiteral.TryDuration(text, out var milliseconds, out var error) ? (new ConstantExpression(ExpressionType.Duration, Value.Of(milliseconds)), null) : (null, error)),
            "timestamp" => Literal(call, argument, text => TimeLiteral.TryTimestamp(text, out var time, out var error) ? (ConstantExpression.Timestamp(time), null) : (null, error)),
            "ip" => Literal(call, argument, text => IpAddress.TryParse(text, out var address) && !address.IsUnknown
                ? (new ConstantExpression(ExpressionType.Ip, Value.Of(address)), null)
                : (null, $"\"{text}\" is not an address such as 203.0.113.7 or 2001:db8::1")),
            "cidr" => Literal(call, argument, text => Networks.TryParse(text, out var network, out var error) ? (ConstantExpression.Of(network), null) : (null, error)),
            _ => Convert(call.Name == "int" ? ExpressionType.Int : ExpressionType.Double, argument),
        };
    }

    private static Syntax Single(CallSyntax call) => call.Arguments.Count == 1 ? call.Arguments[0] : throw Fault(call, $"{call.Name} takes one argument, found {call.Arguments.Count}");

    /// <summary>A function of a text that is written out: read once, when the policy is loaded.</summary>
    private Expression Literal(CallSyntax call, Syntax argument, Func<string, (ConstantExpression? Value, string? Error)> read)
    {
        if (Check(argument) is not ConstantExpression { Type.Kind: ExpressionKind.Text } text) throw Fault(argument, $"{call.Name} takes a text that is written out, as in {call.Name}({Example(call.Name)})");
        var (value, error) = read(text.Text);
        return value ?? throw Fault(argument, error!);
    }

    private static string Example(string function) => function switch
    {
        "duration" => "\"4h\"",
        "timestamp" => "\"2027-01-31T00:00:00Z\"",
        "ip" => "\"203.0.113.7\"",
        _ => "\"203.0.113.0/24\"",
    };

    private ConversionExpression Convert(ExpressionType type, Syntax argument)
    {
        var operand = Check(argument);
        return operand.Type.IsNumber ? new ConversionExpression(type, operand) : throw Fault(argument, $"{type}(…) converts numbers: expected int or double, found {operand.Type}");
    }

    private Expression Has(Syntax argument)
    {
        if (argument is not SelectSyntax select) throw Fault(argument, "has asks for a field, as in has(geo.country)");
        if (IsSignals(select.Target)) return new SignalPresentExpression((int)Signal(select.NameOffset, select.Name).Value.Number);
        if (select.Target is MapSyntax map) return ConstantExpression.Of(Map(map).Keys.Items.Any(key => key.Type == ExpressionType.Text && key.Text == select.Name));
        _ = Select(select);
        return select.Target is NameSyntax { Name: var group } && _scope.Schema.Fields.TryGetValue($"{group}.{select.Name}", out var declared)
            ? new HasFieldExpression(declared)
            : throw Fault(argument, "has asks for a field, as in has(geo.country); lists and variables are always there");
    }

    private Expression Size(Syntax argument)
    {
        if (IsSignals(argument) || argument is MapSyntax) return new ListSizeExpression(Range(argument, ""));
        var operand = Check(argument);
        if (operand is ListExpression list) return new ListSizeExpression(list);
        return operand.Type.IsText ? new TextSizeExpression(AsText(argument, operand)) : throw Fault(argument, $"size counts a text, a list or a map, found {operand.Type}");
    }

    private Expression Method(CallSyntax call, Syntax target)
    {
        switch (call.Name)
        {
            case "exists" or "all" or "exists_one" or "filter" or "map":
                return Macro(call, target);
            case "size":
                return call.Arguments.Count == 0 ? Size(target) : throw Fault(call, "size takes no argument here");
            case "startsWith" or "endsWith" or "contains" or "matches":
                return TextMethod(call, target);
        }

        if (!TimePartExpression.All.Contains(call.Name)) throw new ExpressionException(call.NameOffset, $"no function is called \"{call.Name}\"{NearestName.Suggest(call.Name, Methods)}");
        var operand = Check(target);
        if (operand.Type.Kind == ExpressionKind.Duration && DurationPartExpression.UnitOf(call.Name) is var unit and > 0 && call.Arguments.Count == 0)
            return new DurationPartExpression(call.Name, unit, operand);
        if (operand.Type.Kind != ExpressionKind.Timestamp) throw Fault(call, $"{call.Name} is asked of a timestamp, found {operand.Type}");
        if (call.Arguments.Count == 0) return new TimePartExpression(call.Name, operand, null, null, TimeSpan.Zero);
        var argument = Single(call);
        if (Check(argument) is not ConstantExpression { Type.Kind: ExpressionKind.Text } name) throw Fault(argument, $"{call.Name} takes the name of a time zone, written out, as in \"Europe/Berlin\"");
        return TimePartExpression.TryZone(name.Text, out var zone, out var offset, out var error)
            ? new TimePartExpression(call.Name, operand, name.Text, zone, offset)
            : throw Fault(argument, error!);
    }

    private Expression TextMethod(CallSyntax call, Syntax target)
    {
        var operand = Check(target);
        var argument = Single(call);
        if (operand.Type.Kind == ExpressionKind.Cidr && call.Name == "contains") return new CidrContainsExpression(operand, Check(argument, ExpressionType.Ip, "a network contains addresses"));
        if (!operand.Type.IsText)
            throw Fault(call, $"{call.Name} is asked of a text{(call.Name == "contains" ? " or a network" : "")}, found {operand.Type}{(operand is ListExpression ? "; a list is asked with in: \"…\" in " + operand : "")}");
        var text = AsText(target, operand);
        var part = Check(argument);
        if (call.Name != "matches")
        {
            var test = call.Name switch { "startsWith" => TextTest.StartsWith, "endsWith" => TextTest.EndsWith, _ => TextTest.Contains };
            return new TextTestExpression(test, text, AsText(argument, part));
        }

        if (part is not ConstantExpression { Type.Kind: ExpressionKind.Text } pattern) throw Fault(argument, "a pattern is a text that is written out");
        return MatchesExpression.TryCreate(text, pattern.Text, out var error) ?? throw Fault(argument, error!);
    }

    private Expression Macro(CallSyntax call, Syntax target)
    {
        if (call.Name == "map" && call.Arguments.Count == 3)
        {
            // list.map(x, p, t) is short for list.filter(x, p).map(x, t).
            var filter = new CallSyntax(call.Offset, target, "filter", call.NameOffset, [call.Arguments[0], call.Arguments[1]]);
            return Macro(call with { Arguments = [call.Arguments[0], call.Arguments[2]] }, filter);
        }

        if (call.Arguments.Count != 2) throw Fault(call, $"{call.Name} takes a variable and a condition, as in {call.Name}(x, x == \"…\"); found {call.Arguments.Count} arguments");
        if (call.Arguments[0] is not NameSyntax { Name: var name }) throw Fault(call.Arguments[0], "expected a name for each element, as in exists(x, x == \"…\")");
        if (name is "signals" or "lists" or "variables" || _scope.Schema.Groups.Contains(name) || NameSet.Levels.TryFind(name, out _, out _) || _locals.Exists(local => local.Name == name))
            throw Fault(call.Arguments[0], $"\"{name}\" already means something; call the element something else");
        if (_locals.Count == ExpressionLimits.MacroDepth) throw Fault(call, $"at most {ExpressionLimits.MacroDepth} macros may stand within each other");
        if (call.Name is "filter" or "map" && (IsSignals(target) || target is MapSyntax)) throw Fault(call, $"{call.Name} is not asked of a map; use exists or all");

        var range = Range(target, $"{call.Name} is asked of a list or a map");
        if (range.Element.Kind == ExpressionKind.Nothing) throw Fault(target, "this list is empty, so nothing can be asked of it");
        var level = _locals.Count;
        _locals.Add((name, range.Element, range.LongestText));
        var body = Check(call.Arguments[1]);
        _locals.RemoveAt(level);
        if (call.Name != "map" && body.Type != ExpressionType.Bool) throw Fault(call.Arguments[1], $"{call.Name} asks a condition of each element: expected bool, found {body.Type}");
        if (call.Name == "map" && body.Type.IsAggregate) throw Fault(call.Arguments[1], "map makes single values here, no lists");
        return call.Name switch
        {
            "filter" => new FilterExpression(range, level, body),
            "map" => new TransformExpression(range, level, body),
            _ => new MacroExpression(call.Name switch { "exists" => Quantifier.Exists, "all" => Quantifier.All, _ => Quantifier.ExistsOne }, range, level, body),
        };
    }

    /// <summary>A list, or the keys of a map.</summary>
    private ListExpression Range(Syntax syntax, string what)
    {
        if (IsSignals(syntax)) return SignalNames();
        if (syntax is MapSyntax map) return Map(map).Keys;
        var expression = Check(syntax);
        return expression as ListExpression ?? throw Fault(syntax, $"{what}, found {expression.Type}");
    }

    private FieldListExpression SignalNames() => new(_scope.Schema.Fields["signals"]);
}
