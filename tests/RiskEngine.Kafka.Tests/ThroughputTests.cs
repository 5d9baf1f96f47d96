using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Kafka.Consuming;
using RiskEngine.Kafka.Producing;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Kafka.Tests;

/// <summary>How fast it goes from the topic to durable decisions, printed and not judged: what else runs on the machine counts too.</summary>
/// <remarks>
/// <c>RISKENGINE_LONG_TESTS=1</c> takes 1,000,000 events in place of 30,000. What a store puts off counts: the time and the processor it takes to carry over, at the end, what is still in
/// its journal are part of what is measured.
/// </remarks>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Subjects = 50_000;

    private readonly int _count = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 1_000_000 : 30_000;

    [KafkaFact]
    public async Task From_the_topic_to_a_durable_decision()
    {
        using var folder = new TemporaryFolder();
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = folder.File("speed.db") }, TimeProvider.System);
        await MeasureAsync("SQLite with synchronous=FULL", store, [], () => Task.CompletedTask);
    }

    [KafkaFact]
    public async Task From_the_topic_by_way_of_Redis_to_a_durable_decision()
    {
        var postgres = await PostgreSqlServer.StartAsync("-c fsync=on -c max_wal_size=8GB");
        var redis = await RedisServer.StartAsync();
        using var both = new Ended(postgres.Server, redis.Server);
        var settings = new SharedStoreSettings
        {
            ConnectionString = await postgres.NewDatabaseAsync(),
            Redis = new RedisSettings { Endpoints = [redis.Endpoint], Timeout = TimeSpan.FromSeconds(5) },
            Timeout = TimeSpan.FromSeconds(30),
        };
        await using var store = await SharedStateStore.OpenAsync(settings, TimeProvider.System, CancellationToken.None);
        await MeasureAsync("Redis and PostgreSQL", store, [("PostgreSQL", () => postgres.Server.ProcessorTime), ("Redis", () => redis.Server.ProcessorTime)], store.CarryOverAsync);
    }

    private async Task MeasureAsync(string where, IStateStore store, IReadOnlyList<(string Name, Func<TimeSpan> ProcessorTime)> servers, Func<Task> finish)
    {
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:12", $"{Topics.DeadLetters}:1");
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, _count).Select(Record));
        await using var loop = new JudgeLoop(store, new EngineReference(Some.Engine(store.Hash)), new PipelineSettings(), []);
        var watch = new KafkaWatch();
        using var producer = new KafkaProducer(broker.Connection, new ProducerSettings(), watch);
        var context = new FormatContext { Hash = store.Hash, Clock = TimeProvider.System, SourceName = Topics.Logins };
        var done = 0;
        var units = 0;
        var consumer = new LoginConsumer(
            broker.Connection, Consuming.Settings, new LoginFormats(new RiskEngineFormat(context), new RiskEngineFormat(context)),
            async (batch, cancellation) =>
            {
                await loop.SubmitAsync(batch.Events, "kafka", null, cancellation);
                Interlocked.Add(ref done, batch.Events.Count);
                Interlocked.Increment(ref units);
            },
            new DeadLetterWriter(producer, Topics.DeadLetters, TimeProvider.System), watch, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        IReadOnlyList<(string Name, Func<TimeSpan> ProcessorTime)> all = [("this program", () => Environment.CpuUsage.TotalTime), ("the broker", () => broker.ProcessorTime), .. servers];
        var running = consumer.RunAsync(stop.Token);
        // A fifth of them warms up.
        await Until.IsSoAsync(() => done > _count / 5, "it begins", TimeSpan.FromMinutes(2));
        var (clock, before, from) = (Stopwatch.StartNew(), all.Select(one => one.ProcessorTime()).ToArray(), done);
        await Until.IsSoAsync(() => done == _count, "all events were judged", TimeSpan.FromMinutes(5));
        var judged = clock.Elapsed;
        await finish();
        var (took, counted) = (clock.Elapsed, _count - from);
        var used = all.Zip(before, (one, was) => $"{one.Name} {(one.ProcessorTime() - was).TotalMicroseconds / counted:0.0}");
        await stop.CancelAsync();
        await running;
        output.WriteLine(
            $"{_count} events of {Math.Min(_count, Subjects)} subjects from 12 partitions to {where}, {_count / units} in a submission: {counted / took.TotalSeconds:0} events/s ({counted / judged.TotalSeconds:0} until the last one was durable); "
            + $"µs of processor an event: {string.Join(", ", used)}; {watch.Pauses.Count(isPaused => isPaused)} pauses.");
    }

    /// <summary>A login of one of many subjects, from one of a fifth as many addresses.</summary>
    private static Message<byte[]?, byte[]?> Record(int number)
    {
        var subject = (int)((uint)number * 2_654_435_761u % Subjects);
        var login = $$"""{"id":"{{Topics.IdOf(number)}}","occurred_at":"{{Topics.Start.AddMilliseconds(number).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","kind":"login","subject":{"id":"u{{subject}}"},"source_ip":"100.{{64 + (subject % 50)}}.{{subject / 50 % 200}}.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}""";
        return new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes($"default/u{subject}"), Value = Encoding.UTF8.GetBytes(login) };
    }

    private sealed class Ended(params TestServer[] servers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var server in servers) server.Dispose();
        }
    }
}
