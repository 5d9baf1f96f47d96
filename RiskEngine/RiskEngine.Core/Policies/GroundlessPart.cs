namespace RiskEngine.Core.Policies;

/// <summary>A side of a condition that no block may rest on.</summary>
/// <param name="Condition">The side, which is the whole where it has no "or".</param>
/// <param name="Name">The name that people wrote down in it, which would do by itself; null where there is none.</param>
/// <param name="Failure">What it asks that failed logins bring about; null where it asks nothing of the kind.</param>
internal sealed record GroundlessPart(Expression Condition, Expression? Name, Expression? Failure);
