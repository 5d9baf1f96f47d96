using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RiskEngine.Host.Tests.Monitoring;

/// <summary>A real server program of others, listening on loopback, killed when the test is done with it.</summary>
internal sealed class BackgroundProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private BackgroundProgram(IReadOnlyDictionary<string, string> environment, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>An address and port of loopback that nobody uses now.</summary>
    public static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }

    /// <summary>Starts it and waits until <c>/-/ready</c> of its address says yes.</summary>
    public static Task<BackgroundProgram> StartAsync(string address, string program, params string[] arguments) =>
        StartAsync(address, new Dictionary<string, string>(), program, arguments);

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<BackgroundProgram> StartAsync(string address, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var started = new BackgroundProgram(environment, program, arguments);
        try
        {
            await started.ReadyAsync(address);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync(string address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException(Said());
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://{address}/-/ready"), patience.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
    }

    private string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }
}
