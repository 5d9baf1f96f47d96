using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Journal;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>What survives a restart, and what a failing disk does.</summary>
public sealed class SqliteDurabilityTests : IDisposable
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));
    private static readonly AuditEntry Audit = new(0, Now, "admin", "did", "something", "because");

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public SqliteDurabilityTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restart_loses_nothing()
    {
        byte[] profile;
        UInt128 key;
        await using (var store = Open())
        {
            var work = (await new UnitOfWork(store.Hash).Login("a", Now).LoadAsync(store)).Judge();
            work.Effects.Cursors = new Dictionary<string, string> { ["authentik"] = "page 7" };
            await store.CommitAsync(work.Effects, CancellationToken.None);
            await store.AddBlockAsync(SomeBlock("203.0.113.7"), KeyOf("203.0.113.7"), Audit, CancellationToken.None);
            await store.AddAllowAsync(SomeBlock("203.0.113.8") with { Until = Now + TimeSpan.FromDays(9) }, KeyOf("203.0.113.8"), Audit, CancellationToken.None);
            (profile, key) = (work.View.Profiles.Used(0).ToArray(), work.View[0].SubjectKey);
        }

        await using var again = Open();
        var view = (await new UnitOfWork(again.Hash).Login("a", Now).LoadAsync(again)).View;
        Assert.Equal(key, view[0].SubjectKey);
        Assert.Equal(profile, view.Profiles.Used(0).ToArray());
        Assert.True(view.Events.IsFound(0));
        Assert.True(view.Names.IsFound(0));
        Assert.True(view.Pairs.IsFound(0));
        Assert.Equal(Now, view.Watermark);
        Assert.Equal("page 7", await again.ReadCursorAsync("authentik", CancellationToken.None));
        Assert.Equal(SomeBlock("203.0.113.7") with { Id = 1 }, again.Blocks.Find(BlockScope.Ip, KeyOf("203.0.113.7").Key, Now));
        Assert.Equal(2, again.AllowList.Find(BlockScope.Ip, KeyOf("203.0.113.8").Key, Now)!.Id);
        Assert.Equal(2, (await again.ReadAuditAsync(0, 10, CancellationToken.None)).Count);
        Assert.Equal(3, (await again.AddBlockAsync(SomeBlock("203.0.113.9"), KeyOf("203.0.113.9"), Audit, CancellationToken.None)).Id);
        Assert.Equal("a", (await again.FindEventAsync("default", "a", CancellationToken.None))!.EventId);
    }

    [Fact]
    public async Task What_the_judge_carries_survives_a_restart_and_a_failed_write_takes_it_back()
    {
        await using (var store = Open())
        {
            await CarryAsync(store, "a", 1);
            Break();
            await Assert.ThrowsAsync<StateStoreException>(() => CarryAsync(store, "b", 2));
            Assert.Equal([1], (await new UnitOfWork(store.Hash).Login("c", Now).LoadAsync(store)).View.Carried.Read(CarriedPart.Valve).ToArray());
            Mend();
            await CarryAsync(store, "d", 3);
        }

        await using var again = Open();
        Assert.Equal([3], (await new UnitOfWork(again.Hash).Login("e", Now).LoadAsync(again)).View.Carried.Read(CarriedPart.Valve).ToArray());
    }

    [Fact]
    public async Task Repeats_are_told_from_the_first_moment_after_a_start()
    {
        await using (var store = Open())
        {
            for (var batch = 0; batch < 20; batch++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = 0; i < 500; i++) work.Login($"{batch}-{i}", Now + TimeSpan.FromMinutes(batch), $"s{i}");
                await work.RunAsync(store);
            }
        }

        await using var again = Open();
        var known = new UnitOfWork(again.Hash);
        for (var i = 0; i < 500; i++) known.Login($"{i % 20}-{i}", Now).Login($"new-{i}", Now);
        await known.LoadAsync(again);
        for (var i = 0; i < 1000; i++) Assert.Equal(i % 2 == 0, known.View.Events.IsFound(known.View[i].Event));
        await again.HorizonLoaded;
        await known.LoadAsync(again);
        for (var i = 0; i < 1000; i++) Assert.Equal(i % 2 == 0, known.View.Events.IsFound(known.View[i].Event));
    }

    [Fact]
    public async Task Repeats_are_told_before_the_ids_of_seven_days_are_in_memory()
    {
        const int Events = 70_000, PerCommit = 10_000;
        await using (var store = Open())
        {
            for (var first = 0; first < Events; first += PerCommit)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = first; i < first + PerCommit; i++) work.Login($"{i}", Now, $"s{i % 50}");
                await work.RunAsync(store);
            }
        }

        // The ids are read behind the writer's first transactions, which are kept waiting.
        SqliteDatabase? other = null;
        await using var again = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, WriterOpened = _ => other = Busy() }, TimeProvider.System);
        var known = new UnitOfWork(again.Hash);
        for (var i = 0; i < 500; i++) known.Login($"{i}", Now).Login($"new-{i}", Now);
        await known.LoadAsync(again);
        Assert.False(again.Begun.IsCompleted);
        Assert.False(again.HorizonLoaded.IsCompleted);
        for (var i = 0; i < 1000; i++) Assert.Equal(i % 2 == 0, known.View.Events.IsFound(known.View[i].Event));
        other!.Dispose();
        await new UnitOfWork(again.Hash).Login("next", Now).RunAsync(again);
        await again.HorizonLoaded;
        await known.LoadAsync(again);
        for (var i = 0; i < 1000; i++) Assert.Equal(i % 2 == 0, known.View.Events.IsFound(known.View[i].Event));
    }

    [Fact]
    public async Task In_a_small_store_nothing_has_to_wait()
    {
        await using (var store = Open()) await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        await using var again = Open();
        Assert.True(again.Begun.IsCompleted);
        Assert.True(again.HorizonLoaded.IsCompleted);
    }

    [Fact]
    public async Task Asking_how_much_is_stored_reads_the_ends_of_what_is_stored_and_not_all_of_it()
    {
        await using var store = Open();
        for (var batch = 0; batch < 4; batch++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var i = 0; i < 5000; i++) work.Login($"{batch}-{i}", Now, $"s{i % 50}");
            await work.RunAsync(store);
        }

        using var file = SqliteDatabase.OpenForReading(_path);
        Assert.True(file.Number("PRAGMA page_count") > 500);
        using var reader = new SqliteReader(file, new SortedRuns());
        file.TakePagesRead();
        Assert.Equal(20_000, reader.ReadStatistics(new Dictionary<string, long>()).Events);
        Assert.InRange(file.TakePagesRead(), 1, 50);
    }

    [Fact]
    public async Task What_a_person_blocked_is_still_the_persons_after_a_rule_and_a_restart()
    {
        var audit = new AuditEntry(0, Now, "admin", "block.create", "ip:203.0.113.7", "");
        await using (var store = Open())
        {
            await store.AddBlockAsync(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Person, Reason = "mine" }, KeyOf("203.0.113.7"), audit, CancellationToken.None);
            var work = (await new UnitOfWork(store.Hash).Login("a", Now, "s").LoadAsync(store)).Judge();
            work.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Policy, Reason = "a rule's" }, KeyOf("203.0.113.7")));
            await store.CommitAsync(work.Effects, CancellationToken.None);
        }

        await using var again = Open();
        Assert.Equal("mine", Assert.Single(again.Blocks.All).Reason);
    }

    [Theory, InlineData(true, true), InlineData(false, true), InlineData(true, false), InlineData(false, false)]
    public async Task A_block_is_a_hints_after_a_restart_if_it_was_one_before(bool hint, bool enforced)
    {
        await using (var store = Open())
        {
            var work = (await new UnitOfWork(store.Hash).Login("a", Now, "s").LoadAsync(store)).Judge();
            work.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Policy, IsHint = hint, Enforced = enforced }, KeyOf("203.0.113.7")));
            await store.CommitAsync(work.Effects, CancellationToken.None);
        }

        await using var again = Open();
        var block = Assert.Single(again.Blocks.All);
        Assert.Equal((hint, enforced), (block.IsHint, block.Enforced));
    }

    [Fact]
    public async Task A_failed_commit_takes_along_what_was_built_on_it_and_the_store_goes_on()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("good", Now, "kept").RunAsync(store);
        Break();
        var first = (await new UnitOfWork(store.Hash).Login("lost-1", Now, "lost").LoadAsync(store)).Judge();
        first.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7"), KeyOf("203.0.113.7")));
        var failing = store.CommitAsync(first.Effects, CancellationToken.None).AsTask();
        var second = (await new UnitOfWork(store.Hash).Login("lost-2", Now, "kept").LoadAsync(store)).Judge();
        await Assert.ThrowsAsync<StateStoreException>(() => failing);
        await Assert.ThrowsAsync<StateStoreException>(async () => await store.CommitAsync(second.Effects, CancellationToken.None));

        var view = (await new UnitOfWork(store.Hash).Login("lost-1", Now, "lost").Login("good", Now, "kept").LoadAsync(store)).View;
        Assert.False(view.Profiles.Rows.IsFound(view[0].Subject));
        Assert.False(view.Events.IsFound(view[0].Event));
        Assert.True(view.Events.IsFound(view[1].Event));
        Assert.Equal(1u, view.Profiles.Profile(view[1].Subject).Header.Logins);
        Assert.True(store.Blocks.IsEmpty);
        Assert.True(store.Meter.Errors(StoreOperation.Flush) > 0);

        Mend();
        await new UnitOfWork(store.Hash).Login("lost-1", Now, "lost").RunAsync(store);
        Assert.NotNull(await store.FindEventAsync("default", "lost-1", CancellationToken.None));
    }

    [Fact]
    public async Task The_meter_says_since_when_nothing_can_be_written_and_stops_when_something_can()
    {
        var time = new ManualTimeProvider(Now.ToDateTimeOffset());
        await using var store = SomeSqliteStore.At(_path, time);
        await new UnitOfWork(store.Hash).Login("good", Now).RunAsync(store);
        Assert.Null(store.Meter.FailingSince);
        Break();
        await Assert.ThrowsAsync<StateStoreException>(() => new UnitOfWork(store.Hash).Login("first", Now).RunAsync(store));
        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<StateStoreException>(() => new UnitOfWork(store.Hash).Login("second", Now).RunAsync(store));
        Assert.Equal(Now.ToDateTimeOffset(), store.Meter.FailingSince);
        Mend();
        await new UnitOfWork(store.Hash).Login("third", Now).RunAsync(store);
        Assert.Null(store.Meter.FailingSince);
    }

    [Fact]
    public async Task Changes_of_records_fail_with_the_disk_too()
    {
        await using var store = Open();
        using (var other = SqliteDatabase.OpenForWriting(_path)) other.Execute("CREATE TRIGGER broken BEFORE INSERT ON blocks BEGIN SELECT RAISE (ABORT, 'disk full'); END");
        await Assert.ThrowsAsync<StateStoreException>(async () => await store.AddBlockAsync(SomeBlock("203.0.113.7"), KeyOf("203.0.113.7"), Audit, CancellationToken.None));
        Assert.True(store.Blocks.IsEmpty);
        Assert.Empty(await store.ReadAuditAsync(0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Events_beyond_the_cap_give_way()
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, Events = 1000 }, TimeProvider.System);
        for (var batch = 0; batch < 5; batch++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var i = 0; i < 500; i++) work.Login($"{batch}-{i}", Now, $"s{i}");
            await work.RunAsync(store);
        }

        for (var i = 0; i < 130; i++) await new UnitOfWork(store.Hash).Login($"e{i}", Now).RunAsync(store);
        var statistics = await store.StatisticsAsync(CancellationToken.None);
        Assert.InRange(statistics.Events, 1000, 1070);
        Assert.Null(await store.FindEventAsync("default", "0-0", CancellationToken.None));
        Assert.NotNull(await store.FindEventAsync("default", "e129", CancellationToken.None));
    }

    private static async Task CarryAsync(SqliteStateStore store, string id, byte value)
    {
        var work = (await new UnitOfWork(store.Hash).Login(id, Now).LoadAsync(store)).Judge();
        work.View.Carried.Write(CarriedPart.Valve, 1)[0] = value;
        await store.CommitAsync(work.Effects, CancellationToken.None);
    }

    private SqliteStateStore Open() => SomeSqliteStore.At(_path, TimeProvider.System);

    /// <summary>A connection for which every transaction that writes has to wait.</summary>
    private SqliteDatabase Busy()
    {
        var other = SqliteDatabase.OpenForWriting(_path);
        other.Execute("BEGIN IMMEDIATE");
        return other;
    }

    private void Break()
    {
        using var other = SqliteDatabase.OpenForWriting(_path);
        other.Execute(
            """
            CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE (ABORT, 'disk full'); END;
            CREATE TRIGGER broken_probe BEFORE INSERT ON meta BEGIN SELECT RAISE (ABORT, 'disk full'); END;
            """);
    }

    private void Mend()
    {
        using var other = SqliteDatabase.OpenForWriting(_path);
        other.Execute("DROP TRIGGER broken; DROP TRIGGER broken_probe");
    }

    private static Block SomeBlock(string value) =>
        new() { Scope = BlockScope.Ip, Value = value, Reason = "spray", Origin = BlockOrigin.Person, CreatedAt = Now, Until = Now + TimeSpan.FromDays(400) };

    private static BlockKey KeyOf(string address) => new(BlockTable.KeyOf(IpAddress.Parse(address)));
}
