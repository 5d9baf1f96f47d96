using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Tests.Audit;
using RiskEngine.Storage.Tests.Erasure;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

// The same suites as every store, on real servers of PostgreSQL and Redis.
public sealed class SharedStateStoreTests : StateStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedRecordStoreTests : RecordStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedOutboxTests : OutboxContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time, Capacity);
}

public sealed class SharedAuditTests : AuditContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedErasureTests : ErasureContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedChallengeTests : ChallengeContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);

    [Fact]
    public async Task An_erased_person_is_not_brought_back_by_a_replica_that_has_not_heard_of_it()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var known = Issued(1) with { Subject = SubjectHandle.Of(Store.Hash, "default", "42"), Request = 7, Pair = (8, 9), Event = EventKey("a") };
        await SaveAsync(known);
        await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Audit, CancellationToken.None);
        await SaveAsync(known with { HasFailed = true });
        Assert.Equal([Issued(1) with { HasFailed = true }], await Records.Challenges.ReadOpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task However_many_notes_there_are_no_more_are_read_than_are_remembered_the_newest_of_them()
    {
        var feed = ((SharedStateStore)Store).ChallengeFeed;
        await feed.WriteAsync([.. Enumerable.Range(1, SharedChallengeFeed.MostNotes + 1000).Select(key => new ChallengeNote(ChallengeNoteKind.SessionChallenged, (UInt128)key, Now))], CancellationToken.None);
        var last = new ChallengeNote(ChallengeNoteKind.Passed, 1, Now);
        await feed.WriteAsync([last], CancellationToken.None);
        var (_, notes) = await feed.ReadAsync(CancellationToken.None);
        Assert.Equal((SharedChallengeFeed.MostNotes, last), (notes.Count, notes[^1]));
    }
}

/// <summary>The state contract with copies on a Redis Cluster of three masters.</summary>
public sealed class RedisClusterStateTests : StateStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time, isCluster: true);
}

/// <summary>The contract of records by way of PgBouncer in transaction mode.</summary>
public sealed class PgBouncerRecordTests : RecordStoreContract
{
    protected override async Task<IStateStore> OpenAsync(int rowsPerTable)
    {
        var settings = await SharedStores.SettingsAsync();
        return await SharedStores.AtAsync(settings with { ConnectionString = await PgBouncer.InFrontOfAsync(settings.ConnectionString) }, Time);
    }
}
