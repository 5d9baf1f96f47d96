using System.Text;
using System.Text.Json;
using RiskEngine.Host.Tests.Serving;
using Xunit.Abstractions;

namespace RiskEngine.Kafka.Tests;

/// <summary>The built program as an engine behind Kafka.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> takes the long form: 20 kills in place of 4.</remarks>
public sealed class EngineRoleTests(ITestOutputHelper output)
{
    private const int Partitions = 6, Seed = 20261122;

    private static readonly string[] AllTopics = [$"{Topics.Logins}:{Partitions}", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:6", $"{Topics.Decisions}:1"];

    private readonly int _kills = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 20 : 4;

    [KafkaFact]
    public async Task However_often_it_is_killed_each_event_is_assessed_once_and_its_assessment_written()
    {
        const int Events = 20_000;
        var random = new Random(Seed);
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        Programs.Configure(folder, broker);
        var share = Events / (_kills + 1);
        for (var kill = 0; kill < _kills; kill++)
        {
            await using var doomed = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine"));
            Topics.Write(broker, Topics.Logins, Enumerable.Range(kill * share, share).Select(Topics.Record));
            // At a random moment within the work, whatever is under way.
            var goal = random.Next(1, share);
            await Programs.TakenAsync(doomed, goal);
            await doomed.KillAsync();
        }

        Topics.Write(broker, Topics.Logins, Enumerable.Range(_kills * share, Events - (_kills * share)).Select(Topics.Record));
        double duplicates;
        await using (var last = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")))
        {
            await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == Events, "everything is acknowledged");
            using var client = last.Client();
            duplicates = await Programs.MetricAsync(client, "riskengine_events_duplicate_total", "source=\"kafka\"");
            Assert.Equal(0, await last.StopAsync());
        }

        var ids = await Programs.AssessedAsync(folder);
        Assert.Equal(Enumerable.Range(0, Events).Select(Topics.IdOf).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        var (written, records) = Topics.ReadDistinct(broker, Topics.Assessments, "event_id", Events);
        Assert.Equal(Events, written.Count);
        output.WriteLine($"{_kills} kills, {Events} events: {ids.Count} assessments stored, {ids.Distinct().Count()} different; {duplicates} told as repeated after the last start; {records} records in the topic of assessments.");
    }

    [KafkaFact]
    public async Task A_record_that_is_no_event_is_put_aside_counted_and_told_without_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        Programs.Configure(folder, broker);
        Topics.Write(broker, Topics.Logins, Topics.Record(0), new() { Key = "default/u0"u8.ToArray(), Value = "hunter2 is no event"u8.ToArray() });
        await using var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine,api"));
        using var client = server.Client();
        await Programs.TakenAsync(server, 1);
        Assert.Single(Topics.Read(broker, Topics.DeadLetters, 1));
        await server.SeeAsync("became a dead letter");
        Assert.DoesNotContain("hunter2", server.Log(), StringComparison.Ordinal);
        Assert.Equal(1, await Programs.MetricAsync(client, "riskengine_dead_letters_total", "source=\"kafka\""));
        Assert.Equal(1, await Programs.MetricAsync(client, "riskengine_events_rejected_total", "source=\"kafka\""));
    }

    [KafkaFact]
    public async Task A_block_is_written_under_its_key_and_taken_back_by_a_record_without_a_value()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        Programs.Configure(folder, broker);
        await using var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("all"));
        using var client = server.Client();
        using var made = await client.PostAsync("/api/v1/blocks", Json("""{"scope":"ip","value":"203.0.113.7","duration":"4h","reason":"a test"}"""));
        Assert.Equal(201, (int)made.StatusCode);
        var block = Topics.Read(broker, Topics.Decisions, 1)[0];
        Assert.Equal("ip:203.0.113.7", Encoding.UTF8.GetString(block.Message.Key!));
        using var value = JsonDocument.Parse(block.Message.Value);
        Assert.Equal(("block", "203.0.113.7", true), (value.RootElement.GetProperty("decision").GetString(), value.RootElement.GetProperty("value").GetString(), value.RootElement.GetProperty("enforced").GetBoolean()));

        using var answer = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        using var ended = await client.DeleteAsync($"/api/v1/blocks/{answer.RootElement.GetProperty("id").GetRawText().Trim('"')}");
        Assert.True(ended.IsSuccessStatusCode);
        var release = Topics.Read(broker, Topics.Decisions, 2)[1];
        Assert.Equal(("ip:203.0.113.7", null), (Encoding.UTF8.GetString(release.Message.Key!), release.Message.Value));
    }

    [KafkaFact]
    public async Task Topics_that_are_not_as_they_have_to_be_keep_it_from_starting()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:6", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1");
        Programs.Configure(folder, broker, "  partitions: 12");
        var ended = await Host.Tests.Cli.Program.RunAsync("serve", "--config", folder.File("riskengine.yaml"));
        Assert.Equal(2, ended.Code);
        Assert.Contains("has 6 partitions and kafka.partitions says 12", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"topic {Topics.DeadLetters} is not there", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("riskengine.db")));

        var doctor = await Host.Tests.Cli.Program.RunAsync("doctor", "--config", folder.File("riskengine.yaml"));
        Assert.Contains("look  kafka: topic riskengine.logins has 6 partitions", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("ok    kafka: topic riskengine.assessments is there, with one partition", doctor.Output, StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task Brokers_that_are_away_at_the_start_are_waited_for()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(AllTopics);
        Programs.Configure(folder, broker);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
        await broker.DownAsync();
        await using var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("all"));
        await server.SeeAsync("the topics could not be looked at");
        using var client = server.Client();
        using var asked = await client.PostAsync("/api/v1/evaluate", Json(Topics.Login(7)));
        Assert.Equal(200, (int)asked.StatusCode);
        await broker.UpAsync();
        await Programs.TakenAsync(server, 100);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
