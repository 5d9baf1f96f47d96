using System.Diagnostics;
using System.Text.RegularExpressions;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The walk in README.md, typed by a machine: its blocks as they stand there, in one shell, in the server's folder.</summary>
public sealed partial class ReadmeWalkTests
{
    private const string Address = "203.0.113.7";
    private const string Mark = "--- next block ---";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [LinuxFact("bash", "curl")]
    public async Task The_walk_with_curl_does_what_it_says()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        var blocks = Blocks();
        Assert.Equal(7, blocks.Length);

        var (printed, statuses) = await TypeAsync(server, folder, blocks);
        Assert.Empty(printed[0].Trim());
        Assert.Equal(ToldAnswer().Match(blocks[1]).Groups["answer"].Value, printed[1].Trim());
        Assert.All(new[] { "\"risk_score\"", "\"risk_level\"", "\"decision\"", "\"enforced\"", "\"signals\"", "\"prior\"" }, field => Assert.Contains(field, printed[2]));
        Assert.Contains(Address, printed[3]);
        Assert.Empty(printed[4].Trim());
        var (list, decision) = Halves(printed[5]);
        Assert.Contains(Address, list);
        Assert.Contains("\"decision\":\"block\",\"enforced\":true", decision);
        Assert.DoesNotContain(Address, printed[6]);
        Assert.Equal("202 200 200 201 200 200 204 200", statuses);
    }

    private static string[] Blocks()
    {
        var readme = File.ReadAllText(RepositoryRoot.Path("README.md"));
        var start = readme.IndexOf("\n## A walk with curl", StringComparison.Ordinal);
        var walk = readme[start..readme.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
        return [.. ShellBlock().Matches(walk).Select(match => match.Groups["code"].Value)];
    }

    /// <summary>Runs all blocks; curl's own settings file has it tell every status on standard error.</summary>
    private static async Task<(string[] Printed, string Statuses)> TypeAsync(ServedProgram server, TemporaryFolder folder, string[] blocks)
    {
        folder.Write(".curlrc", "write-out = \"%{stderr}%{http_code} \"\nnoproxy = \"*\"\nmax-time = 20\n");
        var start = new ProcessStartInfo("bash", ["-u"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["CURL_HOME"] = folder.FullName;
        start.Environment["API"] = new Uri(server.Address, "/api/v1").ToString();
        using var shell = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var (output, error) = (shell.StandardOutput.ReadToEndAsync(patience.Token), shell.StandardError.ReadToEndAsync(patience.Token));
            await shell.StandardInput.WriteAsync(string.Join($"echo '{Mark}'\n", blocks));
            shell.StandardInput.Close();
            return ((await output).Split(Mark), (await error).Trim());
        }
        finally
        {
            if (!shell.HasExited) shell.Kill(entireProcessTree: true);
        }
    }

    private static (string First, string Second) Halves(string printed)
    {
        var at = printed.IndexOf('{', StringComparison.Ordinal);
        return (printed[..at], printed[at..]);
    }

    [GeneratedRegex(@"^```sh\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ShellBlock();

    /// <summary>The answer that the README shows behind a command.</summary>
    [GeneratedRegex(@"^# (?<answer>\{.*\})$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ToldAnswer();
}
