using RiskEngine.Host.Cli;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

public sealed class BlueprintCommandTests
{
    [Fact]
    public async Task What_is_printed_is_the_file_and_differs_in_what_was_asked_for_only()
    {
        var printed = await Cli.Program.RunAsync(
            "authentik", "blueprint", "--url", "https://risk.example.org/", "--set", "ask_before_password=true", "--set", "second_factor_order=40", "--set", "flow=staff \"%s\" flow");
        Assert.Equal((ExitCode.Done, ""), (printed.Code, printed.Error));
        var (before, after) = (BlueprintFile.Text.Split('\n'), printed.Output.Split('\n'));
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(
            ["  url: \"https://risk.example.org\"", "  flow: \"staff \\\"%s\\\" flow\"", "  ask_before_password: true", "  second_factor_order: 40"],
            after.Where((line, index) => line != before[index]));
        Assert.Equal("staff \"%s\" flow", new BlueprintFile(printed.Output).Context["flow"]);
    }

    [Theory]
    [InlineData("risk.example.org", "--url: 'risk.example.org' is no address")]
    [InlineData("ftp://risk.example.org", "is no address")]
    [InlineData("https://user:secret@risk.example.org", "name scheme, host, port and path only")]
    [InlineData("https://risk.example.org?x=1", "name scheme, host, port and path only")]
    public async Task An_address_that_authentik_could_not_use_is_refused(string url, string words)
    {
        var printed = await Cli.Program.RunAsync("authentik", "blueprint", "--url", url);
        Assert.Equal((ExitCode.Usage, ""), (printed.Code, printed.Output));
        Assert.Contains(words, printed.Error);
    }

    [Fact]
    public async Task Everything_that_cannot_be_set_is_told_at_once()
    {
        var printed = await Cli.Program.RunAsync(
            "authentik", "blueprint", "--url", "http://127.0.0.1:8080", "--set", "end_session=true", "--set", "end_sessions=yes", "--set", "unanswered=deny", "--set", "wait_seconds=0", "--set", "flow");
        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.All(
            new[] { "'end_session' cannot be set; these can: url, flow,", "'end_sessions' takes true or false", "'unanswered' takes challenge or allow", "'wait_seconds' takes a whole number", "'flow' is not KEY=VALUE" },
            words => Assert.Contains(words, printed.Error));
    }
}
