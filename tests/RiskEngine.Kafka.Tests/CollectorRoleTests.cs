using System.Text;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Kafka.Tests;

/// <summary>The built program as a collector, and together with an engine.</summary>
public sealed class CollectorRoleTests
{
    private static readonly string[] AllTopics = [$"{Topics.Logins}:6", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1"];

    [KafkaFact]
    public async Task What_is_posted_to_a_collector_is_judged_by_an_engine_elsewhere()
    {
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var there = new TemporaryFolder();
        using var here = new TemporaryFolder();
        Programs.Configure(there, broker);
        Programs.Configure(here, broker);
        await using var collector = await ServedProgram.StartAsync(there.FullName, Programs.Serve("collector"));
        await using var engine = await ServedProgram.StartAsync(here.FullName, Programs.Serve("engine"));
        using var sender = collector.Client();
        using var reader = engine.Client();

        using var taken = await sender.PostAsync("/api/v1/events", new StringContent(string.Join('\n', Enumerable.Range(0, 1000).Select(Topics.Login)), Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal((202, """{"accepted":1000,"duplicates":0,"rejected":[]}"""), ((int)taken.StatusCode, await taken.Content.ReadAsStringAsync()));
        using var single = await sender.PostAsync("/api/v1/events", Json("""
            {"id":"one","occurred_at":"TIME","kind":"login_failed","tenant":"acme","subject":{"name":"no such name"},"source_ip":"203.0.113.9","session_id":"a session","reason":"unknown_user"}
            """.Replace("TIME", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), StringComparison.Ordinal)));
        Assert.Equal(202, (int)single.StatusCode);

        Assert.Contains("one", Topics.ReadDistinct(broker, Topics.Assessments, "event_id", 1001).Values);
        using var stored = await reader.GetAsync("/api/v1/assessments/event-999");
        Assert.Equal(200, (int)stored.StatusCode);

        var record = Topics.Read(broker, Topics.Logins, 1001).Single(record => Encoding.UTF8.GetString(record.Message.Key!).StartsWith("acme/", StringComparison.Ordinal));
        var text = Encoding.UTF8.GetString(record.Message.Value!);
        Assert.Equal("1", Topics.Header(record, "riskengine-schema"));
        Assert.DoesNotContain("no such name", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a session", text, StringComparison.Ordinal);
        Assert.Matches("\"session_id\":\"[0-9a-f]{32}\"", text);

        // It remembers nobody, so there is nothing to ask it.
        using var question = await sender.PostAsync("/api/v1/evaluate", Json(Topics.Login(1)));
        Assert.Equal(404, (int)question.StatusCode);
        Assert.Equal(1001, await Programs.MetricAsync(sender, "riskengine_kafka_records_total", "outcome=\"delivered\""));
    }

    [KafkaFact]
    public async Task Without_an_answer_of_the_brokers_there_is_no_202()
    {
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var folder = new TemporaryFolder();
        Programs.Configure(folder, broker);
        await using var collector = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("collector"));
        using var client = collector.Client();
        await broker.DownAsync();
        using var refused = await client.PostAsync("/api/v1/events", Json(Topics.Login(1)));
        Assert.Equal((503, "5"), ((int)refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        await broker.UpAsync();
        using var taken = await client.PostAsync("/api/v1/events", Json(Topics.Login(1)));
        Assert.Equal(202, (int)taken.StatusCode);
        Assert.All(Topics.Read(broker, Topics.Logins, 1), record => Assert.Contains("\"id\":\"event-1\"", Encoding.UTF8.GetString(record.Message.Value!), StringComparison.Ordinal));
    }

    [KafkaFact]
    public async Task A_file_is_collected_while_brokers_come_and_go_and_a_trace_goes_along()
    {
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var folder = new TemporaryFolder();
        Programs.Configure(folder, broker, "sources:\n  file: [{ path: logins.jsonl }]");
        folder.Write("logins.jsonl", string.Concat(Enumerable.Range(0, 500).Select(number => Topics.Login(number) + "\n")));
        await broker.DownAsync();
        await using var collector = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("collector"));
        await collector.SeeAsync("events wait and are sent again");
        await broker.UpAsync();
        Assert.Contains("event-499", Topics.ReadDistinct(broker, Topics.Logins, "id", 500).Values);

        using var client = collector.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = Json(Topics.Login(1000)) };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var taken = await client.SendAsync(request);
        Assert.Equal(202, (int)taken.StatusCode);
        var traced = Topics.Read(broker, Topics.Logins, 501).Single(record => Encoding.UTF8.GetString(record.Message.Value!).Contains("\"event-1000\"", StringComparison.Ordinal));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", Topics.Header(traced, "traceparent"), StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task A_collector_without_a_secret_that_is_shared_does_not_start()
    {
        await using var broker = await MockBroker.StartAsync(AllTopics);
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", $"kafka: {{ bootstrap_servers: '{broker.BootstrapServers}', library: '{MockBroker.Library}' }}");
        var ended = await Host.Tests.Cli.Program.RunAsync("serve", "--roles", "collector", "--config", folder.File("riskengine.yaml"));
        Assert.Equal(2, ended.Code);
        Assert.Contains("kafka.hash_secret_file: is missing", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector", "kafka.bootstrap_servers: is missing")]
    [InlineData("api", "--roles: api answers from what the engine")]
    [InlineData("cook", "there is no role 'cook'")]
    public async Task Roles_that_cannot_be_had_are_told(string roles, string told)
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", "policy: { mode: monitor }");
        var ended = await Host.Tests.Cli.Program.RunAsync("serve", "--roles", roles, "--config", folder.File("riskengine.yaml"));
        Assert.Equal(2, ended.Code);
        Assert.Contains(told, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_told_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", "kafka: { bootstrap_servers: '127.0.0.1:9', library: nowhere.so.1 }");
        var ended = await Host.Tests.Cli.Program.RunAsync("serve", "--config", folder.File("riskengine.yaml"));
        Assert.Equal(2, ended.Code);
        Assert.Contains("nowhere.so.1 cannot be loaded. Build it with RiskEngine/RiskEngine.Kafka/native/build.sh", ended.Error, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
