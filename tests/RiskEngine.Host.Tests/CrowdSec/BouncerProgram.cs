using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>One of CrowdSec's bouncers, the program itself, by its file under <c>deploy/crowdsec/</c>; killed when the test is done with it.</summary>
/// <remarks>Changed in the file are the server's address, the key, where the program writes, and how often it asks.</remarks>
internal sealed class BouncerProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private BouncerProgram(Process process) =>
        (_process, _output, _error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    /// <param name="wrapper">What it is started by, such as <c>ip netns exec NAME</c>; empty for nothing.</param>
    public static BouncerProgram Start(string program, string folder, Uri server, string key, string hook, params string[] wrapper)
    {
        var configuration = Path.Combine(folder, program + ".yaml");
        File.WriteAllText(configuration, File.ReadAllText(RepositoryRoot.Path("deploy", "crowdsec", program + ".yaml"))
            .Replace("http://127.0.0.1:8080", $"{server.Scheme}://{server.Authority}", StringComparison.Ordinal)
            .Replace("${API_KEY}", key, StringComparison.Ordinal)
            .Replace("/usr/local/bin/block-address", hook, StringComparison.Ordinal)
            .Replace("/var/run/", folder + "/", StringComparison.Ordinal)
            .Replace("/var/log/", folder + "/", StringComparison.Ordinal)
            .Replace("update_frequency: 10s", "update_frequency: 1s", StringComparison.Ordinal)
            .Replace("daemonize: true", "daemonize: false", StringComparison.Ordinal)
            .Replace("log_mode: file", "log_mode: stdout", StringComparison.Ordinal));
        string[] command = [.. wrapper, program, "-c", configuration];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return new BouncerProgram(Process.Start(start)!);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something is so, a minute at most.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (_process.HasExited) throw new InvalidOperationException($"The bouncer ended before {what}:\n{await _output}{await _error}");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"Not seen within a minute: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
