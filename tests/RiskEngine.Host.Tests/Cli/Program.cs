using System.Diagnostics;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>Runs the built program as people do: a process of its own, its exit code and what it wrote.</summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Library { get; } = RepositoryRoot.Path("RiskEngine", "RiskEngine.Host", "bin", Configuration, "net10.0", "riskengine.dll");

    private static string Configuration => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";

    public static ProcessStartInfo Command(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add(Library);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RISKENGINE__", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        return start;
    }

    public static Task<Finished> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public static async Task<Finished> RunAsync(string? input, string[] arguments)
    {
        using var process = Process.Start(Command(arguments))!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
            return new Finished(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

/// <summary>What a program left behind.</summary>
internal sealed record Finished(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
