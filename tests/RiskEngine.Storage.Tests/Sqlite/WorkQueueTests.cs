using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class WorkQueueTests
{
    private static readonly EventTime Now = new(1_800_000_000_000);

    [Fact]
    public void A_full_queue_is_waited_for_until_the_time_is_up()
    {
        var queue = new WorkQueue(1, TimeSpan.FromMilliseconds(10));
        Assert.True(queue.WaitForRoom());
        queue.Add(new ChangeItem<bool>(_ => true, null));
        Assert.False(queue.WaitForRoom());
        queue.Take([], TimeSpan.Zero);
        Assert.True(queue.WaitForRoom());
    }

    [Fact]
    public async Task Room_that_is_made_in_time_is_taken()
    {
        var queue = new WorkQueue(1, TimeSpan.FromMinutes(5));
        queue.Add(new ChangeItem<bool>(_ => true, null));
        var waiting = Task.Run(queue.WaitForRoom);
        queue.Take([], TimeSpan.Zero);
        Assert.True(await waiting);
    }

    [Fact]
    public async Task A_disk_that_hangs_refuses_what_finds_no_room_and_keeps_what_did()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("store.db");
        await using var store = SqliteStateStore.Open(
            new SqliteStoreSettings { Path = path, QueueCapacity = 1, QueueTimeout = TimeSpan.FromMilliseconds(20), WriterOpened = database => database.Execute("PRAGMA busy_timeout = 600000") },
            TimeProvider.System);
        var other = SqliteDatabase.OpenForWriting(path);
        other.Execute("BEGIN IMMEDIATE");
        List<Task> kept = [];
        StateStoreException? refusal = null;
        while (refusal is null)
        {
            var work = (await new UnitOfWork(store.Hash).Login($"e{kept.Count}", Now).LoadAsync(store)).Judge();
            var commit = store.CommitAsync(work.Effects, CancellationToken.None).AsTask();
            if (commit.IsFaulted) refusal = await Assert.ThrowsAsync<StateStoreException>(() => commit);
            else kept.Add(commit);
        }

        Assert.InRange(kept.Count, 1, 2);
        Assert.Contains("found no room", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, store.Meter.Errors(StoreOperation.Commit));
        await Assert.ThrowsAsync<StateStoreException>(async () => await store.AddKeyAsync(new ApiKey("k", new byte[32], [], Now, null), new AuditEntry(0, Now, "a", "b", "c", "d"), CancellationToken.None));
        Assert.Equal(1, store.Meter.Errors(StoreOperation.Change));
        other.Dispose();
        await Task.WhenAll(kept);
        var view = (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View;
        Assert.Equal((uint)kept.Count, view.Profiles.Profile(0).Header.Logins);
    }
}
