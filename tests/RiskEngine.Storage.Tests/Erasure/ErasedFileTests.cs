using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Erasure;

/// <summary>What is left in the bytes of the file, its log and its journal, and what a crash in between costs.</summary>
public sealed class ErasedFileTests : IDisposable
{
    private const string Id = "subject-4711-marker", Name = "jane.marker@example.org";

    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));
    private static readonly AuditEntry Asked = new(0, Now, "admin", "subject.erase", "", "");

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public ErasedFileTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64L << 20, 64 << 20, 100_000, 40)]
    [InlineData(1L, 64 << 20, 2, 40)]
    [InlineData(40_000L, 64 << 20, 50, 40)]
    [InlineData(1L, 1, 2, 3)]
    [InlineData(1L, 1, 2, 40)]
    [InlineData(40_000L, 1, 50, 40)]
    [InlineData(40_000L, 1, 50, 200)]
    public async Task Neither_the_name_nor_its_hashes_are_anywhere_in_the_file_its_log_its_journal_or_its_runs(long journalLength, long smallestRun, int rows, int batches)
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System, rows, journalLength, smallestRun);
        await FillAsync(store, batches);
        Assert.NotEmpty(Traces(store.Hash));
        await EraseAsync(store);
        Assert.Empty(Traces(store.Hash));
        await store.DisposeAsync();
        Assert.Empty(Traces(store.Hash));
    }

    [Fact]
    public async Task What_retention_and_removal_left_on_free_pages_is_overwritten_too()
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, Events = 1000, JournalLength = 100_000 }, TimeProvider.System);
        await FillAsync(store, 60);
        for (var i = 0; i < 70; i++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var n = 0; n < 50; n++) work.Login($"later-{i}-{n}", Now, $"other{n}");
            await work.RunAsync(store);
        }

        // No event tells any more that the id and the name are of one person, so both have to be said.
        Assert.Null(await store.FindEventAsync("default", "m0-0", CancellationToken.None));
        await EraseAsync(store);
        await store.EraseSubjectAsync(new SubjectErasure("default", Name, DryRun: false), Asked, CancellationToken.None);
        Assert.Empty(Traces(store.Hash));
    }

    [Fact]
    public async Task Events_that_are_indexed_already_are_erased_from_their_index()
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System);
        await FillAsync(store, 3);
        for (var batch = 0; batch < 66; batch++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var i = 0; i < 1000; i++) work.Login($"{batch}-{i}", Now, $"other{i % 100}");
            await work.RunAsync(store);
        }

        using (var database = SqliteDatabase.OpenForReading(_path)) Assert.True(database.Number("SELECT count(*) FROM event_index") > 0);
        var report = await EraseAsync(store);
        Assert.True(report.Rows["events"] > 0);
        Assert.Empty(Traces(store.Hash));
        Assert.NotNull(await store.FindEventAsync("default", "0-7", CancellationToken.None));
        var other = (await new UnitOfWork(store.Hash).Login("x", Now, "other7").LoadAsync(store)).View[0].SubjectKey;
        Assert.NotEmpty((await store.FindAssessmentsAsync(new AssessmentQuery { Subject = other }, CancellationToken.None)).Items);
    }

    [Theory]
    [InlineData("UPDATE ON events")]
    [InlineData("DELETE ON profiles")]
    [InlineData("DELETE ON erasures")]
    [InlineData("INSERT ON audit")]
    [InlineData("UPDATE ON run_blocks", 1)]
    [InlineData("UPDATE ON runs", 1)]
    public async Task What_fails_half_way_is_finished_at_the_next_start_and_audited_once(string failing, long smallestRun = 64 << 20)
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System, journalLength: 1, smallestRun: smallestRun))
        {
            await FillAsync(store, 10);
            Tamper($"CREATE TRIGGER broken BEFORE {failing} BEGIN SELECT RAISE (ABORT, 'disk full'); END");
            await Assert.ThrowsAsync<StateStoreException>(() => EraseAsync(store));
            var view = (await new UnitOfWork(store.Hash).Login("x", Now, Id).LoadAsync(store)).View;
            Assert.True(view.Profiles.Rows.IsFound(view[0].Subject));
            Tamper("DROP TRIGGER broken");
        }

        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        await again.Resumed;
        Assert.Empty(Traces(again.Hash));
        var audit = await again.ReadAuditAsync(0, 1000, CancellationToken.None);
        Assert.Equal(SubjectHandle.Receipt(again.Hash, "default", Id), Assert.Single(audit, record => record.Entry.What == "subject.erase").Entry.Target);
        using var database = SqliteDatabase.OpenForReading(_path);
        Assert.Equal(0, database.Number("SELECT count(*) FROM erasures"));
    }

    [Fact]
    public async Task Overwriting_that_a_reader_kept_from_being_finished_is_finished_at_the_next_start()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 10);
            using var reader = SqliteDatabase.OpenForReading(_path);
            reader.Execute("BEGIN");
            reader.Number("SELECT count(*) FROM events");
            Assert.False((await EraseAsync(store)).IsWiped);
            Assert.Null(await store.FindEventAsync("default", "m0-0", CancellationToken.None));
        }

        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        await again.Resumed;
        Assert.Empty(Traces(again.Hash));
    }

    [Theory]
    [InlineData(64 << 20)]
    [InlineData(1)]
    public async Task Logins_of_others_go_on_and_those_of_the_subject_begin_anew_while_it_is_erased(long smallestRun)
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System, journalLength: 50_000, smallestRun: smallestRun);
        await FillAsync(store, 30);
        using var stop = new CancellationTokenSource();
        var logins = Task.Run(async () =>
        {
            var refused = 0;
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await new UnitOfWork(store.Hash).Login($"meanwhile-{i}", Now, Id).Login($"other-{i}", Now, "other").RunAsync(store);
                }
                catch (StateStoreException)
                {
                    refused++;
                }
            }

            return refused;
        });
        var report = await EraseAsync(store);
        await stop.CancelAsync();
        Assert.InRange(await logins, 0, 2);
        Assert.Equal(1, report.Rows["profiles"]);

        // Now nothing is under way: all of what came in between goes as well, and the other's profile is whole.
        await EraseAsync(store);
        Assert.Empty(Traces(store.Hash));
        var view = (await new UnitOfWork(store.Hash).Login("x", Now, "other").LoadAsync(store)).View;
        Assert.True(view.Profiles.Rows.IsFound(view[0].Subject));
    }

    /// <summary>Where SQLite splits and joins pages it leaves copies of rows between the cells, in about one of ten such histories.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task What_came_and_went_in_the_outbox_leaves_nothing_behind(int seed)
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System);
        await FillAsync(store, 1);
        var (chance, handle, id) = (new Random(seed), SubjectHandle.Of(store.Hash, "default", Id), 0);
        for (var round = 0; round < 60; round++)
        {
            List<OutboxItem> items = [];
            for (; items.Count < 10; id++)
            {
                var isOther = chance.Next(2) == 0;
                items.Add(new OutboxItem
                {
                    Responder = "web", OrderKey = isOther ? $"n{id}" : Id, Kind = "notify", IdempotencyKey = $"{id}", Subject = isOther ? null : handle,
                    Payload = Encoding.UTF8.GetBytes((isOther ? "nobody" : Name) + new string('x', chance.GetItems([50, 300, 900, 3000], 1)[0])),
                });
            }

            await store.Outbox.AddAsync(items, CancellationToken.None);
            var waiting = await store.Outbox.ListAsync(new OutboxQuery { Limit = 1000 }, CancellationToken.None);
            await Task.WhenAll(chance.GetItems([.. waiting], 6).Select(item => item.Id % 3 == 0
                ? store.Outbox.PostponeAsync(item.Id, Now, "timeout", CancellationToken.None).AsTask() : store.Outbox.CompleteAsync(item.Id, CancellationToken.None).AsTask()));
        }

        await EraseAsync(store);
        Assert.Empty(Traces(store.Hash));
        Assert.All(await store.Outbox.ListAsync(new OutboxQuery { Limit = 1000 }, CancellationToken.None), item => Assert.Null(item.Subject));
    }

    [Fact]
    public void A_note_of_an_erasure_comes_back_as_written_and_a_damaged_one_is_refused()
    {
        var subject = new ErasedSubject([1, UInt128.MaxValue], [3]);
        var read = ErasedSubject.FromBytes(subject.ToBytes());
        Assert.Equal((IEnumerable<UInt128>)subject.Keys, read.Keys);
        Assert.Equal((IEnumerable<UInt128>)subject.Handles, read.Handles);
        Assert.Throws<FormatException>(() => ErasedSubject.FromBytes([]));
        Assert.Throws<FormatException>(() => ErasedSubject.FromBytes(subject.ToBytes().AsSpan(1)));
    }

    /// <summary>Many logins from many addresses, so that the profile is rewritten and grows, with blocks, words and a name.</summary>
    private static async Task FillAsync(SqliteStateStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var n = 0; n < 5; n++)
            {
                work.Login($"m{i}-{n}", Now + TimeSpan.FromSeconds(i), n % 2 == 0 ? Id : $"neighbour{i}-{n}", $"203.0.{i % 200}.{n + 1}");
                if (n % 2 == 0) work.Batch[work.Batch.Count - 1].SubjectName = work.Batch.Append(Encoding.UTF8.GetBytes(Name));
            }

            await work.RunAsync(store);
        }

        var handle = SubjectHandle.Of(store.Hash, "default", Id);
        await store.AddBlockAsync(SomeBlock(BlockScope.Subject, Id), new BlockKey(handle), Asked with { What = "block.add", Target = $"subject:{Id}", Detail = $"{Name} left" }, CancellationToken.None);
        var gone = await store.AddBlockAsync(SomeBlock(BlockScope.Pair, $"{Id}@203.0.113.7"), new BlockKey(StateKeys.Pair(store.Hash, handle, IpAddress.Parse("203.0.113.7"))), Asked with { What = "block.add", Target = $"pair:{Id}@203.0.113.7" }, CancellationToken.None);
        await store.RemoveBlockAsync(gone.Id, Asked with { What = "block.remove", Target = $"pair:{Id}@203.0.113.7" }, CancellationToken.None);
        await store.AddFeedbackAsync(new Feedback("default", "m0-0", FeedbackLabel.Safe, $"it was {Name}", "admin", Now), Asked with { What = "feedback", Target = "m0-0", Detail = $"it was {Name}" }, CancellationToken.None);
        await OweAsync(store, handle);
    }

    /// <summary>What responders are owed, among that of others: some of it done, some given up, some waiting.</summary>
    private static async Task OweAsync(SqliteStateStore store, UInt128 handle)
    {
        for (var i = 0; i < 100; i++)
        {
            var isOther = i % 3 == 0;
            var item = new OutboxItem
            {
                Responder = "web", OrderKey = isOther ? $"subject/neighbour{i}" : $"subject/{Id}", Kind = "notify", IdempotencyKey = isOther ? $"n{i}" : $"{Id}/{i}", OnceFor = TimeSpan.FromDays(1),
                Subject = isOther ? null : handle, Payload = Encoding.UTF8.GetBytes(isOther ? "nobody" : $"{Name} {new string('x', i * 20)}"),
            };
            await store.Outbox.AddAsync([item], CancellationToken.None);
        }

        foreach (var item in (await store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Where(item => item.Id % 4 == 1))
        {
            if (item.Id % 8 == 1) await store.Outbox.CompleteAsync(item.Id, CancellationToken.None);
            else await store.Outbox.KillAsync(item.Id, "refused", item.Subject is null ? "refused" : $"refused {Name}", CancellationToken.None);
        }
    }

    private static Block SomeBlock(BlockScope scope, string value) => new() { Scope = scope, Value = value, Reason = $"{Name} left", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };

    private static Task<ErasureReport> EraseAsync(SqliteStateStore store) => store.EraseSubjectAsync(new SubjectErasure("default", Id, DryRun: false), Asked, CancellationToken.None).AsTask();

    /// <summary>Where in the files what names the subject still stands: the names, and the halves of the hashes of both, in either order of bytes.</summary>
    private List<string> Traces(KeyedHash hash)
    {
        var needles = new List<(string What, byte[] Bytes)> { ("the id", Encoding.UTF8.GetBytes(Id)), ("the name", Encoding.UTF8.GetBytes(Name)) };
        UInt128[] hashes =
        [
            StateKeys.Subject(hash, default, Encoding.UTF8.GetBytes(Id), default), StateKeys.Subject(hash, default, default, Encoding.UTF8.GetBytes(Name)),
            SubjectHandle.Of(hash, "default", Name), StateKeys.Skeleton(hash, default, Encoding.UTF8.GetBytes(Name)), StateKeys.Pair(hash, StateKeys.Subject(hash, default, Encoding.UTF8.GetBytes(Id), default), IpAddress.Parse("203.0.1.1")),
        ];
        foreach (var key in hashes)
        {
            foreach (var half in new[] { (ulong)key, (ulong)(key >> 64) })
            {
                byte[] little = new byte[8], big = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(little, half);
                BinaryPrimitives.WriteUInt64BigEndian(big, half);
                needles.Add(("a hash", little));
                needles.Add(("a hash", big));
                needles.Add(("a row id", Varint(half)));
            }
        }

        return
        [
            .. from file in new[] { _path, _path + "-wal", _path + "-journal", _path + "-shm" }.Where(File.Exists)
               let bytes = ReadShared(file)
               from needle in needles
               let at = bytes.AsSpan().IndexOf(needle.Bytes)
               where at >= 0
               select $"{needle.What} in {Path.GetExtension(file)} at page {at / 4096}, byte {at % 4096}",
        ];
    }

    /// <summary>A number as SQLite writes a row's id: its varint of nine bytes for numbers with high bits.</summary>
    private static byte[] Varint(ulong value)
    {
        var bytes = new byte[9];
        bytes[8] = (byte)value;
        value >>= 8;
        for (var i = 7; i >= 0; i--)
        {
            bytes[i] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        return bytes;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private void Tamper(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(_path);
        database.Execute(sql);
    }
}
