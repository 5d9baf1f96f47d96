using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>The program as strangers run it: <c>serve</c> with its defaults, in a process and a folder of its own, on a free port of loopback.</summary>
/// <remarks>Variables of the environment that begin with <c>RISKENGINE__</c> are its configuration, as always; where it keeps its files is not theirs to say.</remarks>
internal sealed class ServedEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), StillFor = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lines = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Task _reading;
    private string _key = "";

    private ServedEngine(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public IPEndPoint Place { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Gets what requests say they are for.</summary>
    public string Host => Place.ToString();

    public string Key => _key;

    public ProcessCounters Counters => ProcessCounters.Of(_process.Id);

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="folder">Holds its store, its key and nothing else.</param>
    public static async Task<ServedEngine> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var argument in new[] { typeof(Host.Replaying.Replay).Assembly.Location, "serve" }) start.ArgumentList.Add(argument);
        start.Environment["RISKENGINE__HTTP__URL"] = "http://127.0.0.1:0";
        start.Environment["RISKENGINE__STORE__PATH"] = Path.Combine(folder, "riskengine.db");
        start.Environment["RISKENGINE__HTTP__ADMIN_KEY_FILE"] = Path.Combine(folder, "admin.key");
        var engine = new ServedEngine(Process.Start(start)!);
        try
        {
            var address = await engine._address.Task.WaitAsync(Patience);
            engine.Place = new IPEndPoint(IPAddress.Loopback, address.Port);
            engine._key = (await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"))).Trim();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async Task<FlushTimes> FlushesAsync() => FlushTimes.Parse(await _client.GetStringAsync(new Uri($"http://{Host}/metrics")));

    /// <summary>Waits until it has nothing more to do, so that what one measurement leaves behind is not counted to the next.</summary>
    public async Task SettleAsync()
    {
        for (var (started, before) = (Stopwatch.GetTimestamp(), Counters.Processor); Stopwatch.GetElapsedTime(started) < Patience;)
        {
            await Task.Delay(StillFor);
            var now = Counters.Processor;
            if (now - before < StillFor / 20) return;
            before = now;
        }
    }

    /// <summary>As if the plug were pulled.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _client.Dispose();
    }

    /// <summary>Reads until it ends: a server whose lines nobody reads is not the one that is meant. The last ones are told where it does not come up.</summary>
    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                if (_lines.Count == 20) _lines.Dequeue();
                _lines.Enqueue(line);
            }

            if (!_address.Task.IsCompleted && line.Contains("Listening on ", StringComparison.Ordinal)) _address.TrySetResult(AddressIn(line));
        }

        lock (_lines) _address.TrySetException(new InvalidOperationException("The server ended before it listened:\n" + string.Join('\n', _lines)));
    }

    private static Uri AddressIn(string line)
    {
        using var entry = JsonDocument.Parse(line);
        return new Uri(entry.RootElement.GetProperty("url").GetString()!);
    }
}
