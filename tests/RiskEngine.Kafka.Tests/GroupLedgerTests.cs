using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Kafka.Tests;

/// <summary>Three programs in one group on one store: one is killed and another comes, the brokers refuse, Redis forgets everything, PostgreSQL goes away. What went in is what came out.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> takes 10 runs of 12,000 events in place of one of 3,000.</remarks>
public sealed class GroupLedgerTests(ITestOutputHelper output)
{
    private const int Partitions = 12, Chunk = 50;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly int _runs = IsLong ? 10 : 1;
    private readonly int _count = IsLong ? 12_000 : 3_000;

    [KafkaFact]
    public async Task Every_event_has_one_assessment_and_every_subject_its_logins_whoever_is_killed_and_whatever_refuses()
    {
        output.WriteLine("run | killed after, events | database away, ms | stored | told as repeated | conflicts | s");
        for (var run = 1; run <= _runs; run++) await RunAsync(run, new Random(20261124 + run));
    }

    private async Task RunAsync(int run, Random random)
    {
        var clock = Stopwatch.StartNew();
        using var folder = new TemporaryFolder();
        var (postgres, redis) = (await PostgreSqlServer.CurrentAsync(), await RedisServer.StartAsync());
        using var ended = redis.Server;
        var connection = await postgres.NewDatabaseAsync();
        await using var broker = await MockBroker.StartAsync($"{Topics.Logins}:{Partitions}", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1");
        Programs.Configure(folder, broker, $$"""
            store: { kind: shared, lease: 2s }
            postgres: { connection_string: "{{connection}}" }
            redis: { endpoints: ["{{redis.Endpoint}}"] }
            """);
        List<ServedProgram> engines = [];
        for (var i = 0; i < 3; i++) engines.Add(await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")));
        var killedAfter = random.Next(_count / 10, _count / 2);
        var away = TimeSpan.FromMilliseconds(IsLong ? random.Next(500, 10_000) : 2_000);
        var writing = WriteAsync(broker);
        await StoredAsync(postgres, connection, killedAfter);
        var doomed = engines[random.Next(engines.Count)];
        await doomed.KillAsync();
        await redis.CallAsync("FLUSHALL");
        await broker.FailAsync(MockBroker.OffsetCommit, MockBroker.NotLeader, 5);
        await broker.FailAsync(MockBroker.Heartbeat, MockBroker.UnknownMember, 1);
        await postgres.InterruptAsync(connection, away);
        engines.Add(await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")));
        await writing;
        await StoredAsync(postgres, connection, _count);
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == _count, "everything is acknowledged", Patience);
        var (repeated, conflicts) = (0.0, 0.0);
        foreach (var engine in engines)
        {
            if (engine == doomed) continue;
            using var client = engine.Client();
            repeated += await Programs.MetricAsync(client, "riskengine_events_duplicate_total");
            conflicts += await Programs.MetricAsync(client, "riskengine_store_conflicts_total");
        }

        foreach (var engine in engines) await engine.DisposeAsync();
        await AssertOnceAsync(connection);
        output.WriteLine($"{run} | {killedAfter} | {away.TotalMilliseconds:0} | {_count} | {repeated} | {conflicts} | {clock.Elapsed.TotalSeconds:0.0}");
    }

    /// <summary>Writes a thousand a second, so that things happen while events come.</summary>
    private async Task WriteAsync(MockBroker broker)
    {
        foreach (var chunk in Enumerable.Range(0, _count).Chunk(Chunk))
        {
            Topics.Write(broker, Topics.Logins, chunk.Select(Topics.Record));
            await Task.Delay(TimeSpan.FromMilliseconds(Chunk));
        }
    }

    /// <summary>Waits until PostgreSQL says that so many events are stored.</summary>
    private static async Task StoredAsync(PostgreSqlServer postgres, string connection, int count)
    {
        var (database, clock) = (connection.Split("Database=")[1].Split(';')[0], Stopwatch.StartNew());
        while (!long.TryParse(await postgres.ExecuteAsync(database, "SELECT seq FROM head"), out var stored) || stored < count)
        {
            Assert.True(clock.Elapsed < Patience, $"Of {count} events not all were stored.");
            await Task.Delay(100);
        }
    }

    private async Task AssertOnceAsync(string connection)
    {
        await using var store = await SharedStateStore.OpenAsync(
            new SharedStoreSettings { ConnectionString = connection, Timeout = TimeSpan.FromSeconds(30), MayLead = false, MayPoll = false, Redis = new RedisSettings() }, TimeProvider.System, CancellationToken.None);
        var ids = await Programs.AssessedAsync(store);
        Assert.Equal(Enumerable.Range(0, _count).Select(Topics.IdOf).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        foreach (var subject in Enumerable.Range(0, _count).GroupBy(Topics.SubjectOf))
            Assert.Equal((subject.Key, subject.Count()), (subject.Key, (int)(await Asked(store, subject.Key)).View.Profiles.Profile(0).Header.Logins));
        var fleet = await Asked(store, "nobody");
        // All within minutes or an hour, of which a half-life of a day takes little.
        Assert.Equal(_count, fleet.View.Reputation.Row(fleet.View[0].Fleet).Logins.Value, _count * 0.03);
    }

    private static Task<UnitOfWork> Asked(IStateStore store, string subject) => new UnitOfWork(store.Hash).Login("asking", new EventTime(1), subject).LoadAsync(store);
}
