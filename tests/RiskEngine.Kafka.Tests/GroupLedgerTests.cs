using System.Diagnostics;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing.Ledger;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Kafka.Tests;

/// <summary>
/// Three programs in one group on one store: one is killed and another comes, the brokers refuse, Redis forgets everything, PostgreSQL goes away. What went in is what
/// came out, and what is known of it is what one program knows that nothing disturbed.
/// </summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> takes 100 runs, PostgreSQL being away for ten seconds in each, in place of 20 with two seconds.</remarks>
public sealed class GroupLedgerTests(ITestOutputHelper output)
{
    private const int Partitions = 12, Chunk = 50, Count = 3_000, Subjects = 500, Hosts = 200;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3), Away = TimeSpan.FromSeconds(IsLong ? 10 : 2), Span = TimeSpan.FromMilliseconds(Count * 100);

    /// <summary>Most of a run is waiting, so several go on at a time.</summary>
    private static readonly ParallelOptions AtATime = new() { MaxDegreeOfParallelism = IsLong ? 3 : 4 };

    private readonly int _runs = IsLong ? 100 : 20;

    [KafkaFact]
    public async Task Every_event_has_one_assessment_and_masses_and_profiles_are_those_of_an_undisturbed_run_whoever_is_killed_and_whatever_refuses()
    {
        var postgres = await PostgreSqlServer.CurrentAsync();
        var empty = await postgres.NewDatabaseAsync();
        // All runs begin with the same secret, so that what is hashed by it is the same.
        await (await OpenAsync(empty)).DisposeAsync();
        var expected = await UndisturbedAsync(postgres, await postgres.CopyDatabaseAsync(empty));
        output.WriteLine("run | killed after, events | database away, ms | stored | told as repeated | conflicts | largest deviation of a mass | s");
        var databases = new List<string>();
        for (var run = 0; run < _runs; run++) databases.Add(await postgres.CopyDatabaseAsync(empty));
        await Parallel.ForAsync(1, _runs + 1, AtATime, async (run, _) => await RunAsync(postgres, databases[run - 1], run, new Random(20261124 + run), expected));
    }

    private static async Task<StoredState> UndisturbedAsync(PostgreSqlServer postgres, string connection)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await StartBrokerAsync();
        Configure(folder, broker, connection, redis: null);
        await using (await ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine")))
        {
            await WriteAsync(broker);
            await StoredAsync(postgres, connection, Count);
        }

        return await StateAsync(connection);
    }

    private async Task RunAsync(PostgreSqlServer postgres, string connection, int run, Random random, StoredState expected)
    {
        var clock = Stopwatch.StartNew();
        using var folder = new TemporaryFolder();
        var redis = await RedisServer.StartAsync();
        using var ended = redis.Server;
        await using var broker = await StartBrokerAsync();
        Configure(folder, broker, connection, redis);
        List<ServedProgram> engines = [await StartAsync(folder)];
        engines.AddRange(await Task.WhenAll(StartAsync(folder), StartAsync(folder)));
        var killedAfter = random.Next(Count / 10, Count / 2);
        var writing = WriteAsync(broker);
        await StoredAsync(postgres, connection, killedAfter);
        var doomed = engines[random.Next(engines.Count)];
        await doomed.KillAsync();
        await redis.CallAsync("FLUSHALL");
        await broker.FailAsync(MockBroker.OffsetCommit, MockBroker.NotLeader, 5);
        await broker.FailAsync(MockBroker.Heartbeat, MockBroker.UnknownMember, 1);
        await postgres.InterruptAsync(connection, Away);
        engines.Add(await StartAsync(folder));
        await writing;
        await StoredAsync(postgres, connection, Count);
        await Until.IsSoAsync(() => Topics.Committed(broker, Partitions).Sum() == Count, "everything is acknowledged", Patience);
        var (repeated, conflicts) = (0.0, 0.0);
        foreach (var engine in engines)
        {
            if (engine == doomed) continue;
            using var client = engine.Client();
            repeated += await Programs.MetricAsync(client, "riskengine_events_duplicate_total");
            conflicts += await Programs.MetricAsync(client, "riskengine_store_conflicts_total");
        }

        foreach (var engine in engines) await engine.DisposeAsync();
        var deviation = expected.AssertSame(await StateAsync(connection), Span);
        output.WriteLine($"{run} | {killedAfter} | {Away.TotalMilliseconds:0} | {Count} | {repeated} | {conflicts} | {deviation:0.0e0} | {clock.Elapsed.TotalSeconds:0.0}");
    }

    private static Task<MockBroker> StartBrokerAsync() => MockBroker.StartAsync($"{Topics.Logins}:{Partitions}", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1");

    private static Task<ServedProgram> StartAsync(TemporaryFolder folder) => ServedProgram.StartAsync(folder.FullName, Programs.Serve("engine"));

    private static void Configure(TemporaryFolder folder, MockBroker broker, string connection, RedisServer? redis) => Programs.Configure(folder, broker, SharedStoreSection.Of(connection, redis), sessionTimeout: "3s");

    /// <summary>Writes a thousand a second, so that things happen while events come.</summary>
    private static async Task WriteAsync(MockBroker broker)
    {
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(Chunk))
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

    /// <summary>What is stored, after it was seen that every event has one assessment.</summary>
    private static async Task<StoredState> StateAsync(string connection)
    {
        await using var store = await OpenAsync(connection);
        var ids = await Programs.AssessedAsync(store);
        Assert.Equal(Enumerable.Range(0, Count).Select(Topics.IdOf).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        return await StoredState.OfAsync(store, [.. Enumerable.Range(1, Hosts).Select(host => $"198.51.100.{host}")], [.. Enumerable.Range(0, Subjects).Select(Topics.SubjectOf)]);
    }

    private static Task<SharedStateStore> OpenAsync(string connection) => SharedStateStore.OpenAsync(
        new SharedStoreSettings { ConnectionString = connection, Timeout = TimeSpan.FromSeconds(30), MayLead = false, MayPoll = false, Redis = new RedisSettings() }, TimeProvider.System, CancellationToken.None);
}
