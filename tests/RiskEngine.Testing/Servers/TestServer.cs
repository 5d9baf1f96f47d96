using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RiskEngine.Testing.Servers;

/// <summary>A real server beside the tests, with a folder of its own, on ports of its own. It ends, and the folder goes, when the test process does, however that ends.</summary>
public sealed class TestServer : IDisposable
{
    private static readonly Lock Gate = new();
    private static int _lastPort;

    private readonly Process _shell;

    private TestServer(Process shell, DirectoryInfo folder) => (_shell, Folder) = (shell, folder);

    public DirectoryInfo Folder { get; }

    /// <summary>Gets what the server wrote.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Gets what the server and its own processes have used of the processor since they started.</summary>
    public TimeSpan ProcessorTime => ProcessTree.ProcessorTime(_shell.Id);

    private string LogFile => Path.Combine(Folder.FullName, "log");

    /// <summary>Makes a folder for a server.</summary>
    public static DirectoryInfo NewFolder(string name) => Directory.CreateTempSubdirectory($"riskengine-{name}-");

    /// <summary>Starts a server.</summary>
    /// <param name="command">A shell command; its last program is the server, and takes the place of the shell by <c>exec</c>.</param>
    public static TestServer Start(DirectoryInfo folder, string command)
    {
        // The shell around it waits for the end of its input, which is the end of this process.
        var script = $"cd '{folder.FullName}'; ({command}) > log 2>&1 < /dev/null & server=$!; cat > /dev/null; kill -INT $server 2> /dev/null; wait $server; cd /; rm -rf '{folder.FullName}'";
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        var server = new TestServer(Process.Start(start)!, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    }

    /// <summary>Runs a program to its end and returns what it wrote; null where it failed.</summary>
    public static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await error;
        return process.ExitCode == 0 ? output : null;
    }

    /// <summary>Waits for something that becomes true, 30 seconds at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isTrue, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isTrue())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Within 30 s {what} did not happen.");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Says what is missing. The suites that stores share cannot be skipped for one store by xunit 2, so their tests fail with these words.</summary>
    public static void Need(string? program, string package)
    {
        if (program is null) throw new InvalidOperationException($"This test needs Debian's package {package}, which test.sh installs.");
    }

    /// <summary>Where a program lies; null where it does not.</summary>
    public static string? Find(string name, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(folders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>A port of this machine that nobody has, below those that systems give out by themselves, so that another ten thousand above it is one too.</summary>
    public static int FreePort()
    {
        lock (Gate)
        {
            if (_lastPort == 0) _lastPort = 20_000 + (Environment.ProcessId % 100 * 100);
            while (true)
            {
                var port = ++_lastPort;
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                    return port;
                }
                catch (SocketException)
                {
                    // Taken: the next one.
                }
            }
        }
    }

    public void Dispose()
    {
        if (_shell.HasExited) return;
        try
        {
            _shell.StandardInput.Close();
            _shell.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }
}
