using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>Turns the short form of conditions into the expression that it is short for, so that there is one evaluator.</summary>
internal static class ConditionLowering
{
    /// <summary>The conditions that are set, each an expression of its own; all of them must hold.</summary>
    public static IEnumerable<Expression> Lower(RuleConditions when, PolicySchema schema)
    {
        if (when.Level is { } level) yield return Compare(schema, "risk.level", Comparison.GreaterOrEqual, ConstantExpression.Of(NameSet.Levels, (long)level));
        if (when.Score is { } score) yield return Compare(schema, "risk.score", Comparison.GreaterOrEqual, ConstantExpression.Of(score));
        if (when.Reputation is { } reputation) yield return Compare(schema, "reputation.address", Comparison.LessOrEqual, ConstantExpression.Of(reputation));
        if (when.Kind.Count > 0) yield return In(schema, "event.kind", when.Kind.Select(kind => ConstantExpression.Of(NameSet.Kinds, (long)kind)));
        if (when.ServiceAccount is { } service) yield return Is(schema, "subject.service_account", service);
        if (when.Established is { } established) yield return Is(schema, "subject.established", established);
        if (when.Country.Count > 0) yield return In(schema, "geo.country", when.Country.Select(Country));
        if (when.CountryNot.Count > 0) yield return new NotExpression(In(schema, "geo.country", when.CountryNot.Select(Country)));
        if (when.Asn.Count > 0) yield return In(schema, "network.asn", when.Asn.Select(asn => ConstantExpression.Of((long)asn)));
        if (when.Application.Count > 0) yield return In(schema, "event.application", when.Application.Select(ConstantExpression.Of));
        if (when.Subject.Count > 0)
            yield return AnyOf([In(schema, "subject.id", when.Subject.Select(ConstantExpression.Of)), In(schema, "subject.name", when.Subject.Select(ConstantExpression.Of))]);
        if (when.Group.Count > 0) yield return Holds(schema, "subject.groups", when.Group.Select(ConstantExpression.Of));
        if (when.Feed.Count > 0) yield return Holds(schema, "network.feeds", when.Feed.Select(feed => ConstantExpression.Of(schema.Feeds, schema.Feeds.FindOrAdd(feed))));
        if (when.Network != NetworkKinds.None)
        {
            var kinds = Enumerable.Range(0, NameSet.Networks.Count).Where(bit => ((int)when.Network & (1 << bit)) != 0);
            yield return Holds(schema, "network.kinds", kinds.Select(bit => ConstantExpression.Of(NameSet.Networks, bit)));
        }

        if (when.Signals.Count > 0) yield return AnyOf([.. when.Signals.Select(Signal)]);
        foreach (var signal in when.SignalsAll) yield return Signal(signal);
    }

    private static ComparisonExpression Compare(PolicySchema schema, string path, Comparison comparison, ConstantExpression constant) =>
        new(new FieldExpression(schema.Fields[path]), comparison, constant);

    private static Expression Is(PolicySchema schema, string path, bool truth)
    {
        var read = new FieldExpression(schema.Fields[path]);
        return truth ? read : new NotExpression(read);
    }

    private static InConstantsExpression In(PolicySchema schema, string path, IEnumerable<ConstantExpression> constants)
    {
        var read = new FieldExpression(schema.Fields[path]);
        return new InConstantsExpression(read, new ConstantListExpression(read.Type, [.. constants]));
    }

    private static ConstantExpression Country(CountryCode country) => ConstantExpression.Of(NameSet.AllCountries, NameSet.CodeOf(country));

    private static Expression Holds(PolicySchema schema, string path, IEnumerable<ConstantExpression> members) =>
        AnyOf([.. members.Select(member => new InListExpression(member, new FieldListExpression(schema.Fields[path])))]);

    private static Expression Signal(SignalCondition signal) => signal.AtLeast is { } least
        ? new ComparisonExpression(new SignalContributionExpression(ConstantExpression.Of(NameSet.Signals, (long)signal.Code)), Comparison.GreaterOrEqual, ConstantExpression.Of(least))
        : new SignalPresentExpression((int)signal.Code);

    private static Expression AnyOf(Expression[] conditions) => conditions.Length == 1 ? conditions[0] : new LogicalExpression(isAnd: false, conditions);
}
