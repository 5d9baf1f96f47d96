using System.Diagnostics;
using System.Threading.Channels;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>A replay that goes on: lines of its output as they come, and its end.</summary>
internal sealed class RunningReplay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly Task<string> _error;

    public RunningReplay(params string[] arguments)
    {
        _process = Process.Start(Program.Command(["replay", .. arguments]))!;
        _error = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>The next lines of standard output.</summary>
    public async Task<string[]> NextAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = new string[count];
        for (var i = 0; i < count; i++) lines[i] = await _lines.Reader.ReadAsync(patience.Token);
        return lines;
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    public async Task<Finished> SignalAsync(string signal)
    {
        using (var kill = Process.Start("sh", ["-c", $"kill -{signal} {_process.Id}"])) await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        var rest = new List<string>();
        while (_lines.Reader.TryRead(out var line)) rest.Add(line);
        return new Finished(_process.ExitCode, string.Join('\n', rest), await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }
}
