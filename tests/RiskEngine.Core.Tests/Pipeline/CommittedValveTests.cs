using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>The safety valve is part of what is committed: neither a restart nor a failed write gives rules more people to hit.</summary>
public sealed class CommittedValveTests : IDisposable
{
    private static readonly SafetyValveSettings TwoPeople = new() { MinimumSubjects = 2, Share = 0 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-valve-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_restart_does_not_give_rules_new_people_to_hit()
    {
        await using (var store = Open())
        {
            await using var judging = new Judging(state: store, valve: TwoPeople);
            await judging.SubmitAsync([.. People("203.0.113.7")]);
            await judging.SubmitAsync([.. Spray("203.0.113.7", 60)]);
            Assert.Equal("203.0.113.7", Assert.Single(store.Blocks.All).Value);
        }

        await using var again = Open();
        await using var after = new Judging(state: again, valve: TwoPeople);
        await after.SubmitAsync([.. Spray("198.51.100.66", 90)]);
        Assert.Equal("203.0.113.7", Assert.Single(again.Blocks.All).Value);
        Assert.Contains(after.Assessments, assessment => assessment.Valve == SafetyValve.Name);
    }

    [Fact]
    public async Task After_an_hour_of_event_time_rules_block_again_whatever_the_clock_says()
    {
        await using var judging = new Judging(valve: TwoPeople);
        await judging.SubmitAsync([.. People("203.0.113.7")]);
        await judging.SubmitAsync([.. Spray("203.0.113.7", 60)]);
        await judging.SubmitAsync([.. Spray("198.51.100.66", 180)]);
        Assert.Equal(2, judging.Store.Blocks.All.Count());
    }

    [Fact]
    public async Task People_that_a_lost_batch_would_have_hit_do_not_count()
    {
        var store = new FailingStore(new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System));
        await using var judging = new Judging(state: store, valve: TwoPeople);
        await judging.SubmitAsync([.. People("203.0.113.7")]);
        store.FailNextCommits(2);
        await Assert.ThrowsAsync<StateStoreException>(() => judging.SubmitAsync([.. Spray("203.0.113.7", 60)]));
        await judging.SubmitAsync([.. Spray("198.51.100.66", 90)]);
        Assert.Equal("198.51.100.66", Assert.Single(store.Blocks.All).Value);
        Assert.DoesNotContain(judging.Assessments, assessment => assessment.Valve is not null);
    }

    private SqliteStateStore Open() => SqliteStateStore.Open(new SqliteStoreSettings { Path = Path.Combine(_folder.FullName, "valve.db") }, TimeProvider.System);

    /// <summary>Four established subjects at one address, too few to make it shared, and others elsewhere.</summary>
    private static IEnumerable<Login> People(string address) =>
        Enumerable.Range(0, 100).Select(i => i % 5 < 2 ? new Login($"person{i % 4}", TimeSpan.FromSeconds(24 * i), address) : new Login($"other{i}", TimeSpan.FromSeconds(24 * i), $"192.0.2.{i}"));

    private static IEnumerable<Login> Spray(string address, int minutes) =>
        Enumerable.Range(0, 60).Select(i => new Login($"{address}-{i}", TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(i), address, EventKind.LoginFailed) { Id = $"{address}-{minutes}-{i}" });
}
