using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The built program, serving on a free port of loopback with a folder of its own; killed at the latest when the test is done with it.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Process _process;
    private readonly List<string> _log = [];
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Task _reading;
    private Uri _address = new("http://127.0.0.1");

    private ServedProgram(ProcessStartInfo start, string folder)
    {
        (start.WorkingDirectory, _folder) = (folder, folder);
        start.Environment.TryAdd("RISKENGINE__HTTP__URL", "http://127.0.0.1:0");
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    public int Id => _process.Id;

    public Uri Address => _address;

    public static Task<ServedProgram> StartAsync(string folder) => StartAsync(folder, Cli.Program.Command("serve"));

    /// <summary>Starts it by a command of the caller's and waits until it listens.</summary>
    public static async Task<ServedProgram> StartAsync(string folder, ProcessStartInfo command)
    {
        var server = new ServedProgram(command, folder);
        try
        {
            var line = await server.SeeAsync("Listening on ");
            using var entry = JsonDocument.Parse(line);
            server._address = new Uri(entry.RootElement.GetProperty("url").GetString()!);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with the administrator's key, and no proxy between.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _address, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(_folder, "admin.key")).Trim());
        return client;
    }

    /// <summary>Waits for the first log line, from now or before, that holds a text.</summary>
    public async Task<string> SeeAsync(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_log)
        {
            if (_log.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found) return found;
            _awaited.Add((text, seen));
        }

        using var patience = new CancellationTokenSource(Patience);
        var first = await Task.WhenAny(seen.Task, _reading, Task.Delay(Patience, patience.Token));
        await patience.CancelAsync();
        return first == seen.Task || seen.Task.IsCompleted ? await seen.Task : throw new InvalidOperationException($"'{text}' was not logged:\n{Log()}");
    }

    public string Log()
    {
        lock (_log) return string.Join('\n', _log);
    }

    /// <summary>As if the plug were pulled: the process has no chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Asks it to stop, as service managers do.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("sh", ["-c", $"kill -TERM {Id}"])) await kill.WaitForExitAsync();
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.Add(line);
                foreach (var (text, seen) in _awaited)
                {
                    if (line.Contains(text, StringComparison.Ordinal)) seen.TrySetResult(line);
                }
            }
        }
    }
}
