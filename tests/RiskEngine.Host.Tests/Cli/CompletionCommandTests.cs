using System.Diagnostics;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>Completion in the shells themselves, over what the program prints.</summary>
public sealed class CompletionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory("bash")]
    [InlineData("bl", "blocks")]
    [InlineData("blocks ", "list add remove import export --help")]
    [InlineData("blocks list --j", "--json")]
    [InlineData("blocks export --format ", "haproxy json nginx plain")]
    [InlineData("blocks export --format = ng", "nginx")]
    [InlineData("blocks export --format =", "haproxy json nginx plain")]
    [InlineData("allow add 203.0.113.7 --scope p", "pair")]
    [InlineData("keys create blocks --s", "--scope --state")]
    [InlineData("feedback some-event c", "compromised")]
    [InlineData("completion ", "bash fish zsh --help")]
    [InlineData("serve --config ", "")]
    [InlineData("nonsense --", "")]
    public async Task Bash_completes_what_the_commands_have(string line, string expected)
    {
        var words = line.Split(' ');
        var found = await RunAsync("bash", await ScriptAsync("bash"), $"COMP_WORDS=(riskengine {string.Join(' ', words.Select(word => $"'{word}'"))}); COMP_CWORD={words.Length}; _riskengine; echo \"${{COMPREPLY[@]}}\"");
        var offered = found.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (line == "nonsense --") Assert.Contains("--version", offered);
        else Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), offered);
    }

    [LinuxFact("bash")]
    public async Task Bash_knows_every_command_that_help_shows()
    {
        var help = await Program.RunAsync("--help");
        var commands = help.Output[help.Output.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1).Select(line => line.Trim().Split(' ')[0]).Where(word => word.Length > 0).ToList();
        var offered = (await RunAsync("bash", await ScriptAsync("bash"), "COMP_WORDS=(riskengine ''); COMP_CWORD=1; _riskengine; echo \"${COMPREPLY[@]}\"")).Trim().Split(' ');
        Assert.True(commands.Count > 15, help.Output);
        Assert.Empty(commands.Except(offered));
    }

    [LinuxFact("bash")]
    public async Task Bash_reads_it_without_a_word_and_leaves_files_to_readline() =>
        Assert.Equal("complete -F _riskengine riskengine\n", await RunAsync("bash", await ScriptAsync("bash"), "complete -p riskengine"));

    [LinuxFact("zsh")]
    public async Task Zsh_reads_it() => Assert.Equal("read\n", await RunAsync("zsh", await ScriptAsync("zsh"), "echo read", before: "compdef() { : }"));

    [LinuxFact("fish")]
    public async Task Fish_completes_what_the_commands_have() =>
        Assert.Equal(["haproxy", "json", "nginx", "plain"], (await RunAsync("fish", await ScriptAsync("fish"), "complete -C 'riskengine blocks export --format '")).Trim().Split('\n').Select(line => line.Split('\t')[0]));

    [Fact]
    public async Task Another_shell_is_wrong_usage() => Assert.Equal(2, (await Program.RunAsync("completion", "tcsh")).Code);

    private static async Task<string> ScriptAsync(string shell)
    {
        var printed = await Program.RunAsync("completion", shell);
        Assert.Equal((0, ""), (printed.Code, printed.Error));
        return printed.Output;
    }

    private async Task<string> RunAsync(string shell, string script, string then, string before = "")
    {
        var file = _folder.Write("script", $"{before}\n{script}\n{then}\n");
        using var process = Process.Start(new ProcessStartInfo(shell, [file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal("", await errors);
        return await output;
    }
}
