using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Outbox;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Outbox;

public sealed class MemoryOutboxTests : OutboxContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) =>
        Task.FromResult<IStateStore>(new InMemoryStateStore(new InMemoryStoreSettings { OutboxCapacity = Capacity }, Time));
}

public sealed class SqliteOutboxTests : OutboxContract
{
    private readonly TemporaryFolder _folder = new();

    public SqliteOutboxTests() => Own(_folder);

    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(Open());

    [Fact]
    public async Task What_is_owed_outlives_the_process_and_numbers_are_not_used_again()
    {
        await Records.Outbox.AddAsync([Item("1", "a"), Item("1", "b")], CancellationToken.None);
        var last = (await TakeAsync(Store))[1];
        await Records.Outbox.DropAsync(last.Id, new AuditEntry(0, Now, "admin", "outbox.drop", "", ""), CancellationToken.None);
        await Store.DisposeAsync();
        await using var again = Open();
        await again.Outbox.AddAsync([Item("1", "c")], CancellationToken.None);
        var left = await TakeAsync(again);
        Assert.Equal(["a", "c"], left.Select(item => item.IdempotencyKey));
        Assert.True(left[1].Id > last.Id);
    }

    [Fact]
    public async Task What_waited_in_a_file_of_before_there_were_traces_still_waits_and_what_comes_has_its_trace()
    {
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        await Records.Outbox.AddAsync([Item("1", "before") with { Subject = 7 }], CancellationToken.None);
        await Store.DisposeAsync();
        Tamper("ALTER TABLE outbox DROP COLUMN trace; PRAGMA user_version = 11");
        await using (var migrated = Open()) await migrated.Outbox.AddAsync([Item("1", "after") with { Trace = Trace }], CancellationToken.None);
        await using var again = Open();
        Assert.Equal([("before", (UInt128?)7, null), ("after", null, Trace)], (await TakeAsync(again)).Select(item => (item.IdempotencyKey, item.Subject, item.Trace)));
    }

    [Fact]
    public async Task The_count_of_what_waits_is_right_after_a_failed_write_and_a_failed_act_owes_nothing()
    {
        await Records.Outbox.AddAsync([.. Enumerable.Range(0, Capacity - 1).Select(i => Item($"{i}", $"k{i}"))], CancellationToken.None);
        Tamper("CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE (ABORT, 'disk full'); END");
        var act = new AuditEntry(0, Now, "admin", "act", "", "") { Owed = [Item("1", "lost")] };
        await Assert.ThrowsAsync<StateStoreException>(async () => await Records.AddAuditAsync(act, CancellationToken.None));
        Tamper("DROP TRIGGER broken");
        Assert.Empty(await Records.ReadAuditAsync(0, 10, CancellationToken.None));
        await Records.Outbox.AddAsync([Item("1", "fits"), Item("1", "too many")], CancellationToken.None);
        Assert.Equal("too many", Assert.Single(await Records.Outbox.ListAsync(new OutboxQuery { IsDead = true }, CancellationToken.None)).IdempotencyKey);
    }

    [Fact]
    public void The_oldest_dead_letter_is_found_without_walking_the_others()
    {
        using var database = SqliteDatabase.OpenForReading(_folder.File("store.db"));
        var plan = database.Query($"EXPLAIN QUERY PLAN DELETE FROM outbox WHERE id = ({OutboxTable.OldestDead})", row => row.Text(3), "web");
        Assert.Contains(plan, step => step.Contains("USING COVERING INDEX outbox_dead (responder=?)", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<OutboxItem>> TakeAsync(IStateStore store) =>
        (await ((IRecordStore)store).Outbox.TakeAsync(new OutboxRequest("web", Now + TimeSpan.FromDays(1), 50, []), CancellationToken.None)).Items;

    private SqliteStateStore Open() => SqliteStateStore.Open(new SqliteStoreSettings { Path = _folder.File("store.db"), OutboxCapacity = Capacity }, Time);

    private void Tamper(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(_folder.File("store.db"));
        database.Execute(sql);
    }
}
