namespace RiskEngine.Core.Policies;

/// <summary>The conditions of a policy as expressions, one for each rule: short form, expression and end in one.</summary>
internal sealed class PolicyConditions
{
    /// <summary>What is wrong with a use of a faulty variable: the variable's own fault says it all.</summary>
    private const string Told = "the variable is faulty itself";

    private readonly PolicyDefinition _policy;
    private readonly List<PolicyFault> _faults;
    private readonly ExpressionScope _scope;
    private readonly Dictionary<string, Expression?> _variables = [];
    private readonly List<string> _resolving = [];

    private PolicyConditions(PolicyDefinition policy, IReadOnlyList<string>? feeds, List<PolicyFault> faults)
    {
        (_policy, _faults) = (policy, faults);
        Schema = PolicySchema.For(feeds);
        _scope = new ExpressionScope(Schema) { Lists = ReadLists(), Variable = Variable };
    }

    public PolicySchema Schema { get; }

    /// <summary>Gets the steps that all of them may take together for one login.</summary>
    public long Cost { get; private set; }

    /// <summary>Gets the condition of each rule in the order they are written; null where it is faulty.</summary>
    public IReadOnlyList<Expression?> Rules { get; private set; } = [];

    /// <summary>Compiles the conditions of every rule.</summary>
    /// <param name="feeds">Names of the feeds by their index in the facts; null where they are not known.</param>
    /// <param name="faults">Where faults are added, in the order of lists, variables and rules.</param>
    public static PolicyConditions Compile(PolicyDefinition policy, IReadOnlyList<string>? feeds, List<PolicyFault> faults)
    {
        var conditions = new PolicyConditions(policy, feeds, faults);
        foreach (var name in policy.Variables.Keys) conditions.Resolve(name);
        conditions.Rules = [.. policy.Rules.Select((rule, i) => conditions.Rule(rule, $"rules[{i}]"))];
        conditions.Cost = ExpressionLimits.DecisionSteps + conditions.Rules.Sum(rule => rule?.Cost ?? 0);
        if (conditions.Cost > ExpressionLimits.PolicyCost)
        {
            var dearest = policy.Rules[Enumerable.Range(0, policy.Rules.Count).MaxBy(i => conditions.Rules[i]?.Cost ?? 0)].Name;
            faults.Add(new PolicyFault("rules", $"deciding may take {conditions.Cost} steps for one login and a policy at most {ExpressionLimits.PolicyCost}, most of them {dearest}; ask fewer lists within lists and fewer patterns, and let patterns begin with ^"));
        }

        return conditions;
    }

    private static bool IsName(string name) => name.Length is >= 1 and <= 64 && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private Dictionary<string, NamedList> ReadLists()
    {
        Dictionary<string, NamedList> lists = [];
        foreach (var (name, list) in _policy.Lists)
        {
            if (!IsName(name)) _faults.Add(new PolicyFault($"lists.{name}", $"expected 1 to 64 lower-case letters, digits and underscores, beginning with a letter, found \"{name}\""));
            List<(int Entry, string Message)> wrong = [];
            if (NamedList.TryRead(name, list.Values, list.Until, wrong) is { } read) lists[name] = read;
            else lists[name] = new NamedList(name, [], ExpressionType.Nothing, list.Until);
            _faults.AddRange(wrong.Select(fault => new PolicyFault($"lists.{name}.values[{fault.Entry}]", fault.Message)));
        }

        return lists;
    }

    private Expression? Rule(PolicyRule rule, string path)
    {
        List<Expression> parts = [.. ConditionLowering.Lower(rule.When, Schema)];
        if (rule.When.Expression is { } text)
        {
            if (Compile(text, ExpressionType.Bool, $"{path}.when.expression") is not { } expression) return null;
            parts.Add(expression);
        }

        if (rule.Until is { } until) parts.Add(new ComparisonExpression(new FieldExpression(Schema.Fields["event.occurred_at"]), Comparison.Less, ConstantExpression.Timestamp(until)));
        return parts.Count switch { 0 => ConstantExpression.Of(true), 1 => parts[0], _ => new LogicalExpression(isAnd: true, [.. parts]) };
    }

    private Expression? Compile(string text, ExpressionType? wanted, string path)
    {
        var expression = TypeChecker.Compile(text, _scope, wanted, out var faults);
        _faults.AddRange(faults.Where(fault => fault.Message != Told).Select(fault => new PolicyFault(path, fault.Message, fault.Offset)));
        return expression;
    }

    private (Expression? Expression, string? Error) Variable(string name)
    {
        if (!_policy.Variables.ContainsKey(name))
            return (null, _policy.Variables.Count == 0 ? $"this policy has no variables, so none is called \"{name}\"" : $"no variable is called \"{name}\"{NearestName.Suggest(name, [.. _policy.Variables.Keys])}");
        var circle = _resolving.IndexOf(name);
        if (circle >= 0) return (null, $"variables use each other in a circle: {string.Join(" → ", [.. _resolving.Skip(circle), name])}");
        return Resolve(name) is { } expression ? (expression, null) : (null, Told);
    }

    private Expression? Resolve(string name)
    {
        if (_variables.TryGetValue(name, out var known)) return known;
        if (!IsName(name)) _faults.Add(new PolicyFault($"variables.{name}", $"expected 1 to 64 lower-case letters, digits and underscores, beginning with a letter, found \"{name}\""));
        if (_resolving.Count >= ExpressionLimits.Depth)
        {
            _faults.Add(new PolicyFault($"variables.{name}", $"variables use each other more than {ExpressionLimits.Depth} levels deep"));
            return _variables[name] = null;
        }

        _resolving.Add(name);
        var expression = Compile(_policy.Variables[name], wanted: null, $"variables.{name}");
        _resolving.RemoveAt(_resolving.Count - 1);
        return _variables[name] = expression;
    }
}
