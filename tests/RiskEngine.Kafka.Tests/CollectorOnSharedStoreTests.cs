using System.Net.Http.Json;
using System.Text;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Kafka.Tests;

/// <summary>A collector and an engine, each a process, with one store between them.</summary>
public sealed class CollectorOnSharedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [KafkaFact]
    public async Task The_engine_delivers_also_where_the_collector_was_there_first()
    {
        await using var broker = await StartAsync();
        await using var collector = await ServedProgram.StartAsync(_folder.FullName, Programs.Serve("collector"));
        await using var engine = await ServedProgram.StartAsync(_folder.FullName, Programs.Serve("engine"));
        using var client = engine.Client();
        using var blocked = await client.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value = "203.0.113.66", duration = "4h", reason = "spray" });
        Assert.True(blocked.IsSuccessStatusCode, await blocked.Content.ReadAsStringAsync());
        var told = Assert.Single(Topics.Read(broker, Topics.Decisions, 1));
        Assert.Contains("203.0.113.66", Encoding.UTF8.GetString(told.Message.Key!), StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task The_collector_polls_also_where_the_engine_was_there_first()
    {
        await using var broker = await StartAsync();
        await using var engine = await ServedProgram.StartAsync(_folder.FullName, Programs.Serve("engine"));
        await using var collector = await ServedProgram.StartAsync(_folder.FullName, Programs.Serve("collector"));
        using var client = collector.Client();
        // Nobody answers there: that it was asked is what counts.
        await TestServer.UntilAsync(async () => await Programs.MetricAsync(client, "riskengine_source_polls_total") > 0, "a poll by the collector");
    }

    private async Task<MockBroker> StartAsync()
    {
        var store = await SharedStoreSection.NewAsync();
        var broker = await MockBroker.StartAsync($"{Topics.Logins}:6", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1");
        _folder.Write("token", "none");
        Programs.Configure(_folder, broker, $$"""
            {{store}}
            sources:
              authentik: { url: "http://127.0.0.1:{{TestServer.FreePort()}}", token_file: token, poll_seconds: 1 }
            """);
        return broker;
    }
}
