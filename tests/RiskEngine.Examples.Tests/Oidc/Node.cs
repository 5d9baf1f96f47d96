using System.Diagnostics;
using RiskEngine.Testing;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>The scripts of the example, run as its README runs them.</summary>
internal static class Node
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Folder { get; } = RepositoryRoot.Path("deploy", "examples", "oidc");

    /// <summary>What starts one of its scripts, with these settings and no others.</summary>
    public static ProcessStartInfo Command(string script, IReadOnlyDictionary<string, string> settings)
    {
        var start = Start([Path.Combine(Folder, script)]);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return start;
    }

    public static Task<string> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> RunAsync(ProcessStartInfo start)
    {
        using var node = Process.Start(start)!;
        node.StandardInput.Close();
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }

        Assert.True(node.ExitCode == 0, await output + await error);
        return await output;
    }

    private static ProcessStartInfo Start(string[] arguments) =>
        new("node", arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
