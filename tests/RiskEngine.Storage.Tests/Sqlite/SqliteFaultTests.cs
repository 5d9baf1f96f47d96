using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>Whatever a disk does, a commit is kept or refused, memory says what the disk says, and all is well again when the disk is.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private volatile bool _isFull;
    private volatile bool _isOdd;

    public SqliteFaultTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_full_disk_is_survived()
    {
        _isFull = true;
        return SurviveAsync(() => { }, () => _isFull = false, events: 200);
    }

    [Fact]
    public async Task A_file_that_another_program_holds_is_survived()
    {
        SqliteDatabase? other = null;
        await SurviveAsync(
            () =>
            {
                other = SqliteDatabase.OpenForWriting(_path);
                other.Execute("BEGIN IMMEDIATE");
            },
            () => other!.Dispose());
    }

    [Fact]
    public async Task Closing_gives_a_disk_that_hangs_up_refuses_what_waits_and_says_so()
    {
        using var answer = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, QueueTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        var underWay = ((Storage.Sqlite.Erasure.IErasureHost)store).RunAsync(
            _ =>
            {
                hangs.Set();
                answer.Wait();
                return true;
            },
            _ => { });
        hangs.Wait();
        var waiting = (await new UnitOfWork(store.Hash).Login("a", Now).LoadAsync(store)).Judge();
        var commit = store.CommitAsync(waiting.Effects, CancellationToken.None).AsTask();
        await store.DisposeAsync();
        Assert.Contains("had not answered", (await Assert.ThrowsAsync<StateStoreException>(() => commit)).Message, StringComparison.Ordinal);
        Assert.NotNull(store.Meter.FailingSince);
        Assert.Throws<StateStoreException>(() => SqliteStateStore.Open(new SqliteStoreSettings { Path = _path }, TimeProvider.System));
        answer.Set();
        Assert.True(await underWay);
    }

    [Fact]
    public async Task Damaged_pages_are_survived()
    {
        byte[] before = [];
        await SurviveAsync(
            () =>
            {
                before = File.ReadAllBytes(_path);
                WriteAt(2 * SqliteFile.PageSize, [.. Enumerable.Repeat((byte)0xA5, before.Length - (2 * SqliteFile.PageSize))]);
            },
            () => WriteAt(0, before),
            isReadable: false);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_under_way_is_survived()
    {
        byte[] before = [];
        await SurviveAsync(
            () =>
            {
                before = File.ReadAllBytes(_path);
                using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                stream.SetLength(2 * SqliteFile.PageSize);
            },
            () => WriteAt(0, before),
            isReadable: false);
    }

    [Fact]
    public async Task A_failure_that_nobody_thought_of_is_survived()
    {
        SqliteDatabase? other = null;
        await SurviveAsync(
            () =>
            {
                _isOdd = true;
                other = SqliteDatabase.OpenForWriting(_path);
                other.Execute("BEGIN IMMEDIATE");
            },
            () =>
            {
                other!.Dispose();
                _isOdd = false;
            });
    }

    [Fact]
    public async Task A_commit_that_cannot_be_written_down_leaves_memory_as_it_was()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("good", Now).RunAsync(store);
        var faulty = (await new UnitOfWork(store.Hash).Login("faulty", Now).LoadAsync(store)).Judge();
        faulty.Effects.NewBlocks.Add(new NewBlock(new Block { Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "spray", Origin = BlockOrigin.Policy, CreatedAt = Now }, new BlockKey(7)));
        faulty.Batch[0].Application = faulty.Batch.Append("new to the store"u8);
        faulty.Batch[0].RequestId = new Slice(1_000_000, 10);
        await Assert.ThrowsAsync<StateStoreException>(async () => await store.CommitAsync(faulty.Effects, CancellationToken.None));
        Assert.Equal(1, store.Meter.Errors(StoreOperation.Commit));
        Assert.Equal(1u, await LoginsAsync(store));
        Assert.True(store.Blocks.IsEmpty);

        for (var i = 0; i < 3; i++)
        {
            var next = new UnitOfWork(store.Hash).Login($"next-{i}", Now);
            next.Batch[0].Application = next.Batch.Append("new to the store"u8);
            await next.RunAsync(store);
        }

        Assert.Equal(4u, await LoginsAsync(store));
        Assert.Equal("new to the store", (await store.FindEventAsync("default", "next-2", CancellationToken.None))!.Application);
        Assert.Null(await store.FindEventAsync("default", "faulty", CancellationToken.None));
    }

    [Fact]
    public async Task Texts_of_a_commit_that_failed_late_are_written_with_the_next()
    {
        await using (var store = Open())
        {
            await WithApplication(store, "first", "told twice").RunAsync(store);
            var faulty = (await WithApplication(store, "faulty", "told twice").LoadAsync(store)).Judge();
            faulty.Effects.Cursors = new Dictionary<string, string> { ["source"] = null! };
            await Assert.ThrowsAsync<StateStoreException>(async () => await store.CommitAsync(faulty.Effects, CancellationToken.None));
            await WithApplication(store, "kept", "told twice").RunAsync(store);
        }

        await using var again = Open();
        Assert.Equal("told twice", (await again.FindEventAsync("default", "kept", CancellationToken.None))!.Application);
    }

    private static UnitOfWork WithApplication(SqliteStateStore store, string id, string application)
    {
        var work = new UnitOfWork(store.Hash).Login(id, Now);
        work.Batch[0].Application = work.Batch.Append(System.Text.Encoding.UTF8.GetBytes(application));
        return work;
    }

    /// <summary>Breaks the disk beneath a store, sees what it does, mends the disk, sees that it goes on.</summary>
    private async Task SurviveAsync(Action breakDisk, Action mendDisk, int events = 1, bool isReadable = true)
    {
        await (await OpenWithOneLoginAsync()).DisposeAsync();
        await using (var store = Open())
        {
            Assert.Equal(1u, await LoginsAsync(store));
            breakDisk();
            await Assert.ThrowsAsync<StateStoreException>(() => SomeLogins(store, "lost", events).RunAsync(store));
            Assert.True(store.Meter.Errors(StoreOperation.Flush) > 0);
            // A disk that is nearly full still takes the small write by which the store tries whether it is well again.
            if (events == 1) Assert.NotNull(store.Meter.FailingSince);
            // Where the disk cannot even be read, memory answers as it was when that began.
            var answered = await LoginsAsync(store);
            if (isReadable) Assert.Equal(1u, answered); else Assert.InRange(answered, 1u, 1u + (uint)events);
            await Assert.ThrowsAsync<StateStoreException>(() => SomeLogins(store, "lost too", events).RunAsync(store));
            if (isReadable) Assert.Equal(1u, await LoginsAsync(store));

            mendDisk();
            await UntilItWorksAsync(() => SomeLogins(store, "kept", events).RunAsync(store));
            Assert.Null(store.Meter.FailingSince);
            Assert.Equal(1u + (uint)events, await LoginsAsync(store));
        }

        await using var again = Open();
        Assert.Equal(1u + (uint)events, await LoginsAsync(again));
        Assert.Null(await again.FindEventAsync("default", "lost-0", CancellationToken.None));
        Assert.NotNull(await again.FindEventAsync("default", $"kept-{events - 1}", CancellationToken.None));
    }

    private async Task<SqliteStateStore> OpenWithOneLoginAsync()
    {
        var store = SomeSqliteStore.At(_path, TimeProvider.System);
        await new UnitOfWork(store.Hash).Login("good", Now - TimeSpan.FromDays(1)).RunAsync(store);
        return store;
    }

    private SqliteStateStore Open() => SqliteStateStore.Open(
        new SqliteStoreSettings
        {
            Path = _path,
            WriterOpened = database =>
            {
                if (_isOdd) throw new NotSupportedException("Nobody thought of this.");
                database.Execute("PRAGMA busy_timeout = 20");
                if (_isFull) database.Execute($"PRAGMA max_page_count = {database.Number("PRAGMA page_count") + 2}");
            },
        },
        TimeProvider.System);

    /// <summary>Runs until the store has seen that the disk is back, which it does at the latest with the first that it refuses.</summary>
    private static async Task UntilItWorksAsync(Func<Task> action)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await action();
                return;
            }
            catch (StateStoreException) when (tries < 10)
            {
            }
        }
    }

    private static UnitOfWork SomeLogins(SqliteStateStore store, string name, int events)
    {
        var work = new UnitOfWork(store.Hash);
        for (var i = 0; i < events; i++) work.Login($"{name}-{i}", Now);
        return work;
    }

    private static async Task<uint> LoginsAsync(SqliteStateStore store) =>
        (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins;

    private void WriteAt(long offset, byte[] bytes)
    {
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = offset;
        stream.Write(bytes);
    }
}
