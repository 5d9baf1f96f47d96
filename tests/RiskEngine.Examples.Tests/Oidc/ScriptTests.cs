namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>What the scripts of the example promise by themselves, said by tests in their own language beside them.</summary>
public sealed class ScriptTests
{
    [ExampleTheory]
    [InlineData("events")]
    [InlineData("riskengine")]
    [InlineData("settings")]
    [InlineData("texts")]
    [InlineData("totp")]
    public async Task The_scripts_pass_their_tests(string script)
    {
        var printed = await Node.RunAsync("--test", Path.Combine("test", script + ".test.js"));
        Assert.Contains("# fail 0", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("# pass 0", printed, StringComparison.Ordinal);
    }

    [ExampleFact]
    public void Every_test_of_a_script_is_among_them()
    {
        var theory = typeof(ScriptTests).GetMethod(nameof(The_scripts_pass_their_tests))!;
        var named = theory.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>().SelectMany(data => data.GetData(theory)).Select(row => $"{row[0]}.test.js");
        Assert.Equal(Directory.GetFiles(Path.Combine(Node.Folder, "test"), "*.test.js").Select(Path.GetFileName).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }
}
