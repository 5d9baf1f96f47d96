using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Rotation;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Challenges;

public sealed class MemoryChallengeTests : ChallengeContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(new InMemoryStateStore(new InMemoryStoreSettings(), Time));

    [Fact]
    public async Task There_are_never_more_than_fit_and_the_oldest_go_first()
    {
        await SaveAsync([.. Enumerable.Range(0, IChallengeStore.Capacity + 1).Select(i => Issued(i) with { IssuedAt = Now - TimeSpan.FromSeconds(IChallengeStore.Capacity - i) })]);
        var left = await Records.Challenges.ReadOpenAsync(CancellationToken.None);
        Assert.InRange(left.Count, IChallengeStore.Capacity / 10 * 9, IChallengeStore.Capacity);
        Assert.Equal(IChallengeStore.Capacity, left[^1].Id);
    }
}

public sealed class SqliteChallengeTests : ChallengeContract
{
    private readonly TemporaryFolder _folder = new();

    public SqliteChallengeTests() => Own(_folder);

    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(Open());

    [Fact]
    public async Task They_outlive_the_process_also_in_a_file_of_the_version_before()
    {
        await Store.DisposeAsync();
        using (var database = SqliteDatabase.OpenForWriting(_folder.File("store.db"))) database.Execute("ALTER TABLE outbox DROP COLUMN trace; DROP INDEX outbox_dead; DROP TABLE challenges; DROP TABLE login_days; PRAGMA user_version = 9");
        await using (var migrated = Open()) await migrated.Challenges.SaveAsync([Issued(1) with { Request = 7 }], new Dictionary<int, long> { [Now.UnixDays] = 4 }, CancellationToken.None);
        await using var again = Open();
        Assert.Equal([Issued(1) with { Request = 7 }], await again.Challenges.ReadOpenAsync(CancellationToken.None));
        Assert.Equal(4, (await again.Challenges.CountAsync(Now.UnixDays, CancellationToken.None)).Logins);
    }

    [Fact]
    public async Task What_an_open_one_was_found_by_is_not_kept_once_it_is_over()
    {
        await SaveAsync(Issued(1) with { Request = 7, Pair = (8, 9), Event = 10 });
        await SaveAsync(Issued(1) with { Request = 7, Pair = (8, 9), Event = 10, Outcome = ChallengeOutcome.Failed });
        using var database = SqliteDatabase.OpenForReading(_folder.File("store.db"));
        Assert.Equal(1, database.Number("SELECT count(*) FROM challenges WHERE request IS NULL AND pair IS NULL AND named_pair IS NULL AND event IS NOT NULL"));
    }

    [Fact]
    public async Task What_is_older_than_events_are_kept_goes_and_so_do_its_days()
    {
        var old = Now - TimeSpan.FromDays(9);
        await Records.Challenges.SaveAsync([Issued(1) with { IssuedAt = old }, Issued(2)], new Dictionary<int, long> { [old.UnixDays] = 1, [Now.UnixDays] = 1 }, CancellationToken.None);
        await Work().Login("a", Now).RunAsync(Store);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await Records.Challenges.CountAsync(0, CancellationToken.None)) is not { Logins: 1, Challenges: [{ Count: 1 }] })
        {
            await Records.AddAuditAsync(Audit, CancellationToken.None);
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, patience.Token);
        }
    }

    [Fact]
    public async Task A_new_secret_leaves_counts_that_are_nobodys_and_forgets_what_is_open()
    {
        await SaveAsync(Issued(1), Issued(2) with { Subject = 5, Event = 6, Outcome = ChallengeOutcome.Passed });
        await Store.DisposeAsync();
        HashSecretRotation.Run(_folder.File("store.db"), apply: true, "admin", Time, null, CancellationToken.None);
        await using (var again = Open())
        {
            Assert.Empty(await again.Challenges.ReadOpenAsync(CancellationToken.None));
            Assert.Equal([new ChallengeCount(ChallengeOrigin.Asked, ChallengeOutcome.Passed, null, 1)], (await again.Challenges.CountAsync(0, CancellationToken.None)).Challenges);
        }

        using var database = SqliteDatabase.OpenForReading(_folder.File("store.db"));
        Assert.Equal(1, database.Number("SELECT count(*) FROM challenges WHERE subject IS NULL AND event IS NULL"));
    }

    private SqliteStateStore Open() => SqliteStateStore.Open(new SqliteStoreSettings { Path = _folder.File("store.db"), EventAge = TimeSpan.FromDays(8) }, Time);
}
