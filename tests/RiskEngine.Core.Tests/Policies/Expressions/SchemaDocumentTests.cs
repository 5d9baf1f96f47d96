using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Policies.Expressions;

/// <summary>The page about policies lists the fields that there are, and what it shows is an expression.</summary>
public sealed class SchemaDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryRoot.Path("docs", "policy.md"));

    [Fact]
    public void Every_field_stands_in_the_table_with_its_type_and_meaning()
    {
        var rows = PolicyField.All.Select(field => $"| `{field.Path}` | {field.Type} | {(field.Missing.Length == 0 ? "never" : field.Missing)} | {field.Meaning} |");
        var missing = rows.Where(row => !Page.Contains(row, StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Fact]
    public void The_table_has_no_field_that_is_not_there()
    {
        var known = PolicyField.All.Select(field => field.Path).ToHashSet();
        var rows = Page.Split('\n').SkipWhile(line => !line.StartsWith("| field ", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row.Split('`')[1], known));
    }

    [Fact]
    public void Every_expression_that_is_shown_is_one()
    {
        var blocks = Page.Split("```cel\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]);
        var shown = blocks.SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.True(shown.Count >= 10, "The page shows at least ten expressions.");
        var scope = new ExpressionScope(PolicySchema.For(null))
        {
            Lists = new Dictionary<string, NamedList> { ["office"] = NamedList.TryRead("office", ["203.0.113.0/24"], null, [])! },
            Variable = _ => (ConstantExpression.Of(true), null),
        };
        foreach (var text in shown)
        {
            TypeChecker.Compile(text, scope, ExpressionType.Bool, out var faults);
            Assert.True(faults.Count == 0, $"{text}: {string.Join('\n', faults)}");
        }
    }
}
