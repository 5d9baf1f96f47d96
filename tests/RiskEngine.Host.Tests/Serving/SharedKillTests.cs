using System.Diagnostics;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>Two programs on one store that both get events, of which one at a time is killed without warning, while Redis loses everything now and then.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 20 kills and 12,000 events in place of 3 and 2,000.</remarks>
public sealed class SharedKillTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private readonly int _kills = IsLong ? 20 : 3;
    private readonly int _events = IsLong ? 12_000 : 2_000;
    private readonly Random _random = new(20261123);
    private long _accepted;
    private long _duplicates;
    private int _unanswered;

    [LinuxFact("psql", "redis-server")]
    public async Task Each_event_counts_once_whoever_is_killed_and_whatever_Redis_forgets()
    {
        using var folder = new TemporaryFolder();
        var connection = await (await PostgreSqlServer.CurrentAsync()).NewDatabaseAsync();
        var redis = await RedisServer.StartAsync();
        folder.Write("riskengine.yaml", SharedStoreSection.Of(connection, redis));
        var clock = Stopwatch.StartNew();
        var submissions = Submission.Cut(_events, _random).ToArray();
        List<Submission> left = [];
        foreach (var (round, share) in submissions.Chunk((submissions.Length / _kills) + 1).Index())
        {
            Submission[] work = [.. left, .. share];
            left = [.. await KillOneAsync(folder, work, redis, forgets: round % 2 == 1)];
        }

        await using (var last = await ServedProgram.StartAsync(folder.FullName)) left = [.. await PostAsync(last, left)];
        Assert.Empty(left);
        output.WriteLine($"{_kills} kills, {_events} events in {submissions.Length} requests: {_accepted} told accepted, {_duplicates} told duplicates when sent again, {_unanswered} requests under way at a kill, {clock.Elapsed.TotalSeconds:0.0} s.");
        await using var store = await SharedStateStore.OpenAsync(new SharedStoreSettings { ConnectionString = connection, Timeout = TimeSpan.FromSeconds(30) }, TimeProvider.System, CancellationToken.None);
        await StoredLogins.AssertOnceAsync(store, [.. Enumerable.Range(0, _events)]);
        var asked = await new UnitOfWork(store.Hash).Login("asking", new Core.Events.EventTime(1)).LoadAsync(store);
        // All within minutes, of which a half-life of a day takes next to nothing.
        Assert.Equal((double)_events, asked.View.Reputation.Row(asked.View[0].Fleet).Logins.Value, _events * 0.01);
        redis.Server.Dispose();
    }

    /// <summary>Gives each of two programs half of the work, and kills one in the middle of that.</summary>
    /// <returns>What got no answer.</returns>
    private async Task<IEnumerable<Submission>> KillOneAsync(TemporaryFolder folder, Submission[] work, RedisServer redis, bool forgets)
    {
        await using var one = await ServedProgram.StartAsync(folder.FullName);
        await using var other = await ServedProgram.StartAsync(folder.FullName);
        var half = work.Length / 2;
        var doomed = new Posters(one, work[..half]) { Goal = _random.Next(1, 1 + work[..half].Sum(submission => submission.Count)) };
        var spared = new Posters(other, work[half..]);
        var posting = Task.WhenAll(doomed.RunAsync(), spared.RunAsync());
        await Task.WhenAny(doomed.Reached, posting);
        if (forgets) await redis.CallAsync("FLUSHALL");
        await one.KillAsync();
        await posting;
        Note(doomed);
        Note(spared);
        Assert.Empty(spared.Left);
        return doomed.Left;
    }

    private async Task<IEnumerable<Submission>> PostAsync(ServedProgram server, IEnumerable<Submission> work)
    {
        var posters = new Posters(server, work);
        await posters.RunAsync();
        Note(posters);
        return posters.Left;
    }

    private void Note(Posters posters)
    {
        Assert.Empty(posters.Refusals);
        _accepted += posters.Accepted;
        _duplicates += posters.Duplicates;
        _unanswered += posters.Unanswered;
    }
}
