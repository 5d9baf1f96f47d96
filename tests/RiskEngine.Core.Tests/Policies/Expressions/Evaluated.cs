using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies.Expressions;

/// <summary>Expressions read, checked and evaluated for one login.</summary>
internal static class Evaluated
{
    private static readonly CompiledPolicy NoPolicy = CompiledPolicy.Compile(new PolicyDefinition { TrustedNetworks = [new() { Networks = [Networks.Parse("203.0.113.0/24")] }] });

    /// <summary>"true", "false" or "error".</summary>
    public static string Condition(string text, LoginUnderTest? login = null, SignalRecord[]? signals = null, RiskLevel level = RiskLevel.Medium, double score = 15, float reputation = 0)
    {
        var expression = TypeChecker.Compile(text, Scope, ExpressionType.Bool, out var faults);
        Assert.True(expression is not null, string.Join('\n', faults));
        var frame = new Frame((login ?? new LoginUnderTest()).Context, level, score, signals ?? [], reputation, NoPolicy);
        return !expression.TryEvaluate(ref frame, out var value) ? "error" : value.Number != 0 ? "true" : "false";
    }

    public static ExpressionScope Scope { get; } = new(PolicySchema.For(["ipsum", "tor-exits"]));

    /// <summary>What is wrong with an expression, each with its column from 1.</summary>
    public static string[] Faults(string text, ExpressionScope? scope = null)
    {
        Assert.Null(TypeChecker.Compile(text, scope ?? Scope, ExpressionType.Bool, out var faults));
        return [.. faults.Select(fault => $"{fault.Offset + 1}: {fault.Message}")];
    }
}
