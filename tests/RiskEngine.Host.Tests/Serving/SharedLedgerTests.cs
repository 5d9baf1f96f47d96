using System.Diagnostics;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing.Ledger;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>
/// An independent count of what went in and what came of it: three programs on one store, of which one is killed without warning, while Redis is
/// restarted empty and PostgreSQL breaks off everything and refuses for some time, against one program that nothing disturbs.
/// </summary>
/// <remarks>Each program has subjects of its own, and all share a fourth part. <c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 100 runs in place of 20.</remarks>
public sealed class SharedLedgerTests(ITestOutputHelper output)
{
    private const int Programs = 3, Parts = 4, Events = 3_000;

    private static readonly int Runs = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 100 : 20;

    /// <summary>A good part of a run is waiting, so several go on at a time.</summary>
    private static readonly ParallelOptions AtATime = new() { MaxDegreeOfParallelism = 3 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string[] Addresses = [.. Enumerable.Range(0, Submission.Subjects).Select(Submission.AddressOf)];

    [LinuxFact("psql", "redis-server")]
    public async Task Every_event_has_one_assessment_and_every_mass_is_that_of_an_undisturbed_run()
    {
        var postgres = await PostgreSqlServer.CurrentAsync();
        var expected = await UndisturbedAsync(await postgres.NewDatabaseAsync());
        output.WriteLine("run | killed at | database away, ms | accepted | repeats | refused | unanswered | conflicts | largest deviation of a mass | s");
        await Parallel.ForAsync(1, Runs + 1, AtATime, async (run, _) => await RunAsync(postgres, run, expected));
    }

    private async Task RunAsync(PostgreSqlServer postgres, int run, StoredState expected)
    {
        var clock = Stopwatch.StartNew();
        var connection = await postgres.NewDatabaseAsync();
        var ledger = await DisturbedAsync(postgres, connection, new Random(20261122 + run));
        await using var store = await OpenAsync(connection);
        await StoredLogins.AssertOnceAsync(store, [.. Enumerable.Range(0, Events)]);
        var deviation = expected.AssertSame(await StoredState.OfAsync(store, Addresses, []), Submission.SpanOf(Events));
        output.WriteLine($"{run} | {ledger.KilledAt} | {ledger.Away.TotalMilliseconds:0} | {ledger.Accepted} | {ledger.Repeats} | {ledger.Refused} | {ledger.Unanswered} | {ledger.Conflicts} | {deviation:0.0e0} | {clock.Elapsed.TotalSeconds:0.0}");
    }

    private static async Task<StoredState> UndisturbedAsync(string connection)
    {
        using var folder = new TemporaryFolder();
        Configure(folder, connection, redis: null);
        await using (var alone = await ServedProgram.StartAsync(folder.FullName))
        {
            var posters = new Posters(alone, Enumerable.Range(0, Parts).SelectMany(part => Submission.CutPart(Events, part, Parts)));
            await posters.RunAsync();
            Assert.Equal(Events, posters.Accepted);
        }

        await using var store = await OpenAsync(connection);
        return await StoredState.OfAsync(store, Addresses, []);
    }

    private static async Task<Ledger> DisturbedAsync(PostgreSqlServer postgres, string connection, Random random)
    {
        using var folder = new TemporaryFolder();
        var redis = await RedisServer.StartAsync();
        Configure(folder, connection, redis);
        var ledger = new Ledger { KilledAt = random.Next(1, Events / Programs), Away = TimeSpan.FromMilliseconds(random.Next(500, 3000)) };
        // The first one makes the keys that all of them take.
        ServedProgram[] programs = [await ServedProgram.StartAsync(folder.FullName)];
        programs = [.. programs, .. await Task.WhenAll(Enumerable.Range(1, Programs - 1).Select(_ => ServedProgram.StartAsync(folder.FullName)))];
        var everybodys = Submission.CutPart(Events, Programs, Parts).ToArray();
        random.Shuffle(everybodys);
        var posters = programs.Select((program, i) => new Posters(program, Mix(Submission.CutPart(Events, i, Parts), everybodys.Where((_, n) => n % Programs == i))) { Goal = ledger.KilledAt }).ToArray();
        var posting = Task.WhenAll(posters.Select(poster => poster.RunAsync()));
        var doomed = random.Next(Programs);
        await Task.WhenAny(posters[doomed].Reached, posting);
        await programs[doomed].KillAsync();
        redis.Server.Dispose();
        await postgres.InterruptAsync(connection, ledger.Away);
        redis = await RedisServer.StartAsync(port: redis.Port);
        await posting;
        foreach (var poster in posters) ledger.Note(poster);

        var left = posters.SelectMany(poster => poster.Left).ToArray();
        var survivor = programs[(doomed + 1) % Programs];
        for (var clock = Stopwatch.StartNew(); left.Length > 0; left = [.. await PostAsync(survivor, left, ledger)])
            Assert.True(clock.Elapsed < Patience, $"{left.Length} requests are still refused.\n{survivor.Log()}");
        foreach (var program in programs.Where(program => program != programs[doomed])) ledger.Conflicts += await ConflictsAsync(program);
        foreach (var program in programs) await program.DisposeAsync();
        redis.Server.Dispose();
        return ledger;
    }

    private static IEnumerable<Submission> Mix(IEnumerable<Submission> own, IEnumerable<Submission> shared) => own.Zip(shared.Select(one => (Submission?)one).Concat(Enumerable.Repeat((Submission?)null, Events)))
        .SelectMany(pair => pair.Second is { } second ? [pair.First, second] : (IEnumerable<Submission>)[pair.First]);

    private static async Task<IEnumerable<Submission>> PostAsync(ServedProgram program, IEnumerable<Submission> work, Ledger ledger)
    {
        var posters = new Posters(program, work);
        await posters.RunAsync();
        ledger.Note(posters);
        return posters.Left;
    }

    private static async Task<long> ConflictsAsync(ServedProgram program)
    {
        using var client = program.Client();
        var page = await client.GetStringAsync("/metrics");
        return page.Split('\n').Where(line => line.StartsWith("riskengine_store_conflicts_total{", StringComparison.Ordinal)).Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task<SharedStateStore> OpenAsync(string connection) =>
        SharedStateStore.OpenAsync(new SharedStoreSettings { ConnectionString = connection, Timeout = TimeSpan.FromSeconds(30) }, TimeProvider.System, CancellationToken.None);

    private static void Configure(TemporaryFolder folder, string connection, RedisServer? redis) => folder.Write("riskengine.yaml", SharedStoreSection.Of(connection, redis));

    private sealed class Ledger
    {
        public int KilledAt { get; init; }

        public TimeSpan Away { get; init; }

        public long Accepted { get; private set; }

        public long Repeats { get; private set; }

        public int Refused { get; private set; }

        public int Unanswered { get; private set; }

        public long Conflicts { get; set; }

        public void Note(Posters posters)
        {
            Accepted += posters.Accepted;
            Repeats += posters.Duplicates;
            Refused += posters.Refusals.Count;
            Unanswered += posters.Unanswered;
        }
    }
}
