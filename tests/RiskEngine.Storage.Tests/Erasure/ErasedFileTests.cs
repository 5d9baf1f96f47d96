using System.Text;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Erasure;

/// <summary>What is left in the bytes of the file, its log and its journal, and what a crash in between costs.</summary>
public sealed class ErasedFileTests : IDisposable
{
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
        await MarkedSubject.FillAsync(store, batches);
        Assert.NotEmpty(MarkedSubject.Traces(_path, store.Hash));
        await MarkedSubject.EraseAsync(store);
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
        await store.DisposeAsync();
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
    }

    [Fact]
    public async Task What_retention_and_removal_left_on_free_pages_is_overwritten_too()
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, Events = 1000, JournalLength = 100_000 }, TimeProvider.System);
        await MarkedSubject.FillAsync(store, 60);
        for (var i = 0; i < 70; i++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var n = 0; n < 50; n++) work.Login($"later-{i}-{n}", MarkedSubject.Now, $"other{n}");
            await work.RunAsync(store);
        }

        // No event tells any more that the id and the name are of one person, so both have to be said.
        Assert.Null(await store.FindEventAsync("default", "m0-0", CancellationToken.None));
        await MarkedSubject.EraseAsync(store);
        await store.EraseSubjectAsync(new SubjectErasure("default", MarkedSubject.Name, DryRun: false), MarkedSubject.Asked, CancellationToken.None);
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
    }

    [Fact]
    public async Task Events_that_are_indexed_already_are_erased_from_their_index()
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System);
        await MarkedSubject.FillAsync(store, 3);
        for (var batch = 0; batch < 66; batch++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var i = 0; i < 1000; i++) work.Login($"{batch}-{i}", MarkedSubject.Now, $"other{i % 100}");
            await work.RunAsync(store);
        }

        using (var database = SqliteDatabase.OpenForReading(_path)) Assert.True(database.Number("SELECT count(*) FROM event_index") > 0);
        var report = await MarkedSubject.EraseAsync(store);
        Assert.True(report.Rows["events"] > 0);
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
        Assert.NotNull(await store.FindEventAsync("default", "0-7", CancellationToken.None));
        var other = (await new UnitOfWork(store.Hash).Login("x", MarkedSubject.Now, "other7").LoadAsync(store)).View[0].SubjectKey;
        Assert.NotEmpty((await store.FindAssessmentsAsync(new AssessmentQuery { Subject = other }, CancellationToken.None)).Items);
    }

    [Theory]
    [InlineData("UPDATE ON events")]
    [InlineData("DELETE ON profiles")]
    [InlineData("DELETE ON erasures")]
    [InlineData("INSERT ON audit")]
    [InlineData("UPDATE ON run_blocks", 1)]
    public async Task What_fails_half_way_is_finished_at_the_next_start_and_audited_once(string failing, long smallestRun = 64 << 20)
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System, journalLength: 1, smallestRun: smallestRun))
        {
            await MarkedSubject.FillAsync(store, 10);
            Tamper($"CREATE TRIGGER broken BEFORE {failing} BEGIN SELECT RAISE (ABORT, 'disk full'); END");
            await Assert.ThrowsAsync<StateStoreException>(() => MarkedSubject.EraseAsync(store));
            var view = (await new UnitOfWork(store.Hash).Login("x", MarkedSubject.Now, MarkedSubject.Id).LoadAsync(store)).View;
            Assert.True(view.Profiles.Rows.IsFound(view[0].Subject));
            Tamper("DROP TRIGGER broken");
        }

        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        await again.Resumed;
        Assert.Empty(MarkedSubject.Traces(_path, again.Hash));
        var audit = await again.ReadAuditAsync(0, 1000, CancellationToken.None);
        Assert.Equal(SubjectHandle.Receipt(again.Hash, "default", MarkedSubject.Id), Assert.Single(audit, record => record.Entry.What == "subject.erase").Entry.Target);
        using var database = SqliteDatabase.OpenForReading(_path);
        Assert.Equal(0, database.Number("SELECT count(*) FROM erasures"));
    }

    [Fact]
    public async Task Overwriting_that_a_reader_kept_from_being_finished_is_finished_at_the_next_start()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await MarkedSubject.FillAsync(store, 10);
            using var reader = SqliteDatabase.OpenForReading(_path);
            reader.Execute("BEGIN");
            reader.Number("SELECT count(*) FROM events");
            Assert.False((await MarkedSubject.EraseAsync(store)).IsWiped);
            Assert.Null(await store.FindEventAsync("default", "m0-0", CancellationToken.None));
        }

        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        await again.Resumed;
        Assert.Empty(MarkedSubject.Traces(_path, again.Hash));
    }

    [Theory]
    [InlineData(64 << 20)]
    [InlineData(1)]
    public async Task Logins_of_others_go_on_and_those_of_the_subject_begin_anew_while_it_is_erased(long smallestRun)
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System, journalLength: 50_000, smallestRun: smallestRun);
        await MarkedSubject.FillAsync(store, 30);
        using var stop = new CancellationTokenSource();
        var logins = Task.Run(async () =>
        {
            var refused = 0;
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await new UnitOfWork(store.Hash).Login($"meanwhile-{i}", MarkedSubject.Now, MarkedSubject.Id).Login($"other-{i}", MarkedSubject.Now, "other").RunAsync(store);
                }
                catch (StateStoreException)
                {
                    refused++;
                }
            }

            return refused;
        });
        var report = await MarkedSubject.EraseAsync(store);
        await stop.CancelAsync();
        Assert.InRange(await logins, 0, 2);
        Assert.Equal(1, report.Rows["profiles"]);

        // Now nothing is under way: all of what came in between goes as well, and the other's profile is whole.
        await MarkedSubject.EraseAsync(store);
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
        var view = (await new UnitOfWork(store.Hash).Login("x", MarkedSubject.Now, "other").LoadAsync(store)).View;
        Assert.True(view.Profiles.Rows.IsFound(view[0].Subject));
    }

    /// <summary>Where SQLite splits and joins pages it leaves copies of rows between the cells, in about one of ten such histories.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task What_came_and_went_in_the_outbox_leaves_nothing_behind(int seed)
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System);
        await MarkedSubject.FillAsync(store, 1);
        var (chance, handle, id) = (new Random(seed), SubjectHandle.Of(store.Hash, "default", MarkedSubject.Id), 0);
        for (var round = 0; round < 60; round++)
        {
            List<OutboxItem> items = [];
            for (; items.Count < 10; id++)
            {
                var isOther = chance.Next(2) == 0;
                items.Add(new OutboxItem
                {
                    Responder = "web", OrderKey = isOther ? $"n{id}" : MarkedSubject.Id, Kind = "notify", IdempotencyKey = $"{id}", Subject = isOther ? null : handle,
                    Payload = Encoding.UTF8.GetBytes((isOther ? "nobody" : MarkedSubject.Name) + new string('x', chance.GetItems([50, 300, 900, 3000], 1)[0])),
                });
            }

            await store.Outbox.AddAsync(items, CancellationToken.None);
            var waiting = await store.Outbox.ListAsync(new OutboxQuery { Limit = 1000 }, CancellationToken.None);
            await Task.WhenAll(chance.GetItems([.. waiting], 6).Select(item => item.Id % 3 == 0
                ? store.Outbox.PostponeAsync(item.Id, MarkedSubject.Now, "timeout", CancellationToken.None).AsTask() : store.Outbox.CompleteAsync(item.Id, CancellationToken.None).AsTask()));
        }

        await MarkedSubject.EraseAsync(store);
        Assert.Empty(MarkedSubject.Traces(_path, store.Hash));
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

    private void Tamper(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(_path);
        database.Execute(sql);
    }
}
