using System.Diagnostics;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Kafka.Tests;

/// <summary>A test that needs librdkafka, built by RiskEngine/RiskEngine.Kafka/native/build.sh; skipped, and counted as skipped, without.</summary>
public sealed class KafkaFactAttribute : FactAttribute
{
    public KafkaFactAttribute()
    {
        if (!File.Exists(MockBroker.Library)) Skip = "librdkafka was not built (RiskEngine/RiskEngine.Kafka/native/build.sh).";
    }
}

/// <summary>The same for each of several cases.</summary>
public sealed class KafkaTheoryAttribute : TheoryAttribute
{
    public KafkaTheoryAttribute() => Skip = new KafkaFactAttribute().Skip;
}

/// <summary>A broker in a process of its own, which outlives the consumers that a test kills; it keeps everything in memory and ends with the test.</summary>
internal sealed class MockBroker : IAsyncDisposable
{
    /// <summary>Numbers of requests and errors in Kafka's protocol.</summary>
    public const int Produce = 0, OffsetCommit = 8, Heartbeat = 12, UnknownMember = 25, MessageTooLarge = 10, NotLeader = 6, TopicDenied = 29;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private MockBroker(Process process, string bootstrapServers) => (_process, BootstrapServers) = (process, bootstrapServers);

    public static string Library { get; } = RepositoryRoot.Path(".local", "librdkafka", "librdkafka.so.1");

    public string BootstrapServers { get; }

    /// <summary>Gets what it has used of the processor since it started.</summary>
    public TimeSpan ProcessorTime => ProcessTree.ProcessorTime(_process.Id);

    public KafkaConnection Connection => new() { BootstrapServers = BootstrapServers };

    /// <param name="topics">As "name:partitions".</param>
    public static async Task<MockBroker> StartAsync(params string[] topics)
    {
        Assert.Null(KafkaLibrary.Load(Library));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "RiskEngine.Kafka.MockBroker.dll"), Library, .. topics]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return new MockBroker(process, line ?? throw new InvalidOperationException("The broker did not start."));
    }

    public Task DownAsync() => TellAsync("down");

    public Task UpAsync() => TellAsync("up");

    public Task FailAsync(int api, int error, int times) => TellAsync($"fail {api} {error} {times}");

    /// <summary>What clients are told to connect to from now on.</summary>
    public Task AdvertiseAsync(int port) => TellAsync($"advertise 127.0.0.1 {port}");

    public Task HealAsync(int api) => TellAsync($"heal {api}");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task TellAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        Assert.Equal("ok", await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
    }
}
