namespace RiskEngine.Testing.Servers;

/// <summary>A process that was stopped where it stood (SIGSTOP), and goes on when this is disposed of.</summary>
public sealed class HungProcess : IAsyncDisposable
{
    private readonly string _process;

    private HungProcess(string process) => _process = process;

    public static async Task<IAsyncDisposable> StopAsync(string process)
    {
        if (await TestServer.RunAsync("sh", "-c", $"kill -STOP {process}") is null) throw new InvalidOperationException($"Process {process} could not be stopped.");
        return new HungProcess(process);
    }

    public async ValueTask DisposeAsync() => await TestServer.RunAsync("sh", "-c", $"kill -CONT {_process}");
}
