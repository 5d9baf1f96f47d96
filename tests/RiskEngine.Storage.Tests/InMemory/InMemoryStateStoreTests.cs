using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.InMemory;

public sealed class InMemoryStateStoreTests : StateStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeMemoryStore.With(rowsPerTable, Time));
}

public sealed class InMemoryRecordStoreTests : RecordStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeMemoryStore.With(rowsPerTable, Time));

    [Fact]
    public async Task The_ring_keeps_the_newest_and_gives_the_oldest_up()
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 10 }, Time);
        for (var i = 0; i < 5000; i++) await new UnitOfWork(store.Hash).Login($"e{i}", Now).RunAsync(store);
        var page = await store.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None);
        Assert.Equal(Enumerable.Range(4990, 10).Reverse().Select(i => $"e{i}"), page.Items.Select(item => item.EventId));
    }

    [Fact]
    public async Task A_store_told_to_keep_no_assessments_keeps_none()
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, Time);
        await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        Assert.Null(await store.FindEventAsync("default", "a", CancellationToken.None));
        Assert.Empty((await store.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items);
    }
}

internal static class SomeMemoryStore
{
    public static InMemoryStateStore With(int rowsPerTable, TimeProvider time) => new(
        new InMemoryStoreSettings { Caps = new TableCaps { Profiles = rowsPerTable, Reputation = rowsPerTable, Pairs = rowsPerTable } }, time);
}
