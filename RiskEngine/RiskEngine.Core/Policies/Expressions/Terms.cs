namespace RiskEngine.Core.Policies;

/// <summary>A field, or a part of a time, which conditions compare with constants.</summary>
/// <param name="Field">Which field it is; null for a part of a time.</param>
/// <param name="Expression">One of the expressions that are it.</param>
internal sealed record Term(FieldId? Field, Expression Expression)
{
    /// <summary>Gets the rules that ask about it in a way that classes of its values decide.</summary>
    public HashSet<int> Rules { get; } = [];

    /// <summary>Gets what they compare it with.</summary>
    public List<ConstantExpression> Constants { get; } = [];
}

/// <summary>Finds the terms of many conditions.</summary>
internal sealed class Terms
{
    private readonly Dictionary<string, Term> _byText = [];
    private readonly Dictionary<Expression, Term> _byExpression = new(ReferenceEqualityComparer.Instance);
    private readonly PolicySchema _schema;

    /// <param name="conditions">One for each rule.</param>
    public Terms(IReadOnlyList<Expression> conditions, PolicySchema schema)
    {
        _schema = schema;
        for (var rule = 0; rule < conditions.Count; rule++) Collect(conditions[rule], rule);
    }

    public IEnumerable<Term> All => _byText.Values;

    /// <summary>Whether an expression is that term.</summary>
    public bool Is(Expression expression, Term term) => _byExpression.TryGetValue(expression, out var found) && ReferenceEquals(found, term);

    private void Collect(Expression condition, int rule)
    {
        switch (condition)
        {
            case FieldExpression { Type.Kind: ExpressionKind.Bool }:
                Note(condition, rule, []);
                break;
            case HasFieldExpression has when _schema.ById[(int)has.Id] is var declared && (!declared.Type.IsAggregate || has.Id == FieldId.NetworkKinds):
                Note(declared.Type.IsAggregate ? new FieldListExpression(declared) : new FieldExpression(declared), rule, []);
                break;
            case ComparisonExpression { Left: FieldExpression or TimePartExpression, Right: ConstantExpression right } comparison when PartialEvaluation.IsDecidable(comparison):
                Note(comparison.Left, rule, [right]);
                break;
            case InConstantsExpression { Item: FieldExpression or TimePartExpression } member:
                Note(member.Item, rule, member.List.Items);
                break;
            case CidrContainsExpression { Network: ConstantExpression network, Address: FieldExpression address }:
                Note(address, rule, [network]);
                break;
            case InListExpression { Item: ConstantExpression, List: FieldListExpression { Id: FieldId.NetworkKinds } list }:
                Note(list, rule, []);
                break;
            case LogicalExpression or NotExpression or ConditionalExpression:
                foreach (var part in condition.Parts) Collect(part, rule);
                break;
        }
    }

    private void Note(Expression expression, int rule, IReadOnlyList<ConstantExpression> constants)
    {
        var text = expression.ToString()!;
        if (!_byText.TryGetValue(text, out var term))
        {
            FieldId? field = expression switch { FieldExpression read => read.Id, FieldListExpression list => list.Id, _ => null };
            _byText[text] = term = new Term(field, expression);
        }

        _byExpression[expression] = term;
        term.Rules.Add(rule);
        term.Constants.AddRange(constants);
    }
}
