namespace RiskEngine.Core.Policies;

/// <summary>What an expression can name: fields, and the lists and variables of its policy.</summary>
internal sealed record ExpressionScope(PolicySchema Schema)
{
    public IReadOnlyDictionary<string, NamedList> Lists { get; init; } = new Dictionary<string, NamedList>();

    /// <summary>Gets a variable of the policy; null, with what is wrong, where there is none.</summary>
    public Func<string, (Expression? Expression, string? Error)> Variable { get; init; } = name => (null, $"this policy has no variables, so none is called \"{name}\"");
}
