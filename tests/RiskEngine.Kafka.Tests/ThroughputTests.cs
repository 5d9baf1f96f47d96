using System.Diagnostics;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Kafka.Consuming;
using RiskEngine.Kafka.Producing;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Kafka.Tests;

/// <summary>How fast it goes from the topic to durable decisions, printed and not judged: what else runs on the machine counts too.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> takes 300,000 events in place of 30,000.</remarks>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private readonly int _count = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 300_000 : 30_000;

    [KafkaFact]
    public async Task From_the_topic_to_a_durable_decision()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:12", $"{Topics.DeadLetters}:1");
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, _count).Select(Topics.Record));
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = folder.File("speed.db") }, TimeProvider.System);
        await using var loop = new JudgeLoop(store, new EngineReference(Some.Engine(store.Hash)), new PipelineSettings(), []);
        var watch = new KafkaWatch();
        using var producer = new KafkaProducer(broker.Connection, new ProducerSettings(), watch);
        var context = new FormatContext { Hash = store.Hash, Clock = TimeProvider.System, SourceName = Topics.Logins };
        var done = 0;
        var consumer = new LoginConsumer(
            broker.Connection, Consuming.Settings, new LoginFormats(new RiskEngineFormat(context), new RiskEngineFormat(context)),
            async (batch, cancellation) =>
            {
                await loop.SubmitAsync(batch.Events, "kafka", null, cancellation);
                Interlocked.Add(ref done, batch.Events.Count);
            },
            new DeadLetterWriter(producer, Topics.DeadLetters, TimeProvider.System), watch, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var running = consumer.RunAsync(stop.Token);
        await Until.IsSoAsync(() => done > 0, "it begins");
        var first = clock.Elapsed;
        await Until.IsSoAsync(() => done == _count, "all events were judged", TimeSpan.FromMinutes(5));
        var (took, used) = (clock.Elapsed - first, Environment.CpuUsage.TotalTime - cpu);
        await stop.CancelAsync();
        await running;
        output.WriteLine(
            $"{_count} events from 12 partitions to SQLite with synchronous=FULL: {_count / took.TotalSeconds:0} events/s after {first.TotalSeconds:0.0} s to join the group; "
            + $"{used.TotalMicroseconds / _count:0.0} µs of processor an event; {watch.Pauses.Count(isPaused => isPaused)} pauses.");
    }
}
