using System.Globalization;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Moving;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Tests.Shared;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;
using UnitOfWork = RiskEngine.Testing.UnitOfWork;

namespace RiskEngine.Storage.Tests.Moving;

/// <summary>A shared store knows everything that the file knew, whatever broke off on the way.</summary>
public sealed class StoreMigrationTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private string _path = "";
    private SharedStoreSettings _settings = null!;

    public async Task InitializeAsync()
    {
        _path = _folder.File("store.db");
        _settings = await SharedStores.SettingsAsync();
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory, InlineData(64L << 20, 8 << 20), InlineData(1L, 1), InlineData(40_000L, 1)]
    public async Task Everything_is_there_afterwards_wherever_the_rows_lay(long journalLength, int smallestRun)
    {
        string before;
        await using (var file = SomeSqliteStore.At(_path, _time, journalLength: journalLength, smallestRun: smallestRun))
        {
            await FillAsync(file);
            before = await InventoryAsync(file, file);
        }

        var report = await MoveAsync();
        Assert.True(report.IsDone);
        Assert.Equal((62, 32), (Rows(report, "events"), Rows(report, "profiles")));
        await using var shared = await SharedStores.AtAsync(_settings, _time);
        Assert.Equal(before, await InventoryAsync(shared, shared));
    }

    [Fact]
    public async Task The_chain_of_the_audit_goes_on_and_the_move_is_its_next_record()
    {
        await FillFileAsync();
        await MoveAsync();
        await using var shared = await SharedStores.AtAsync(_settings, _time);
        await shared.AddAuditAsync(Entry("act"), CancellationToken.None);
        var audit = await shared.ReadAuditAsync(0, 100, CancellationToken.None);
        Assert.Equal("store.migrate", audit[^2].Entry.What);
        Assert.Contains("events 62", audit[^2].Entry.Detail, StringComparison.Ordinal);
        var ends = await shared.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new AuditVerifier(ends.Anchor);
        foreach (var record in audit) verifier.Add(record);
        var verdict = verifier.Finish(ends.Head);
        Assert.True(verdict.IsWhole, verdict.Fault);
    }

    [Fact]
    public async Task Ids_of_before_are_never_given_out_again_and_people_can_be_erased()
    {
        await FillFileAsync();
        await MoveAsync();
        await using var shared = await SharedStores.AtAsync(_settings, _time);
        var ids = shared.Blocks.All.Select(block => block.Id).ToList();
        Assert.True((await BlockAsync(shared, shared.Hash, "198.51.100.250")).Id > ids.Max() + 1, "the last block of the file was released, and its id is not free");
        var erased = await shared.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase"), CancellationToken.None);
        Assert.Equal((1, 1), (erased.Rows[ErasureReport.Feedback], erased.Rows[ErasureReport.Profiles]));
        Assert.True(erased.Rows[ErasureReport.Audit] > 0);
    }

    [Theory, InlineData(1), InlineData(9), InlineData(17), InlineData(40)]
    public async Task What_broke_off_goes_on_and_nobody_serves_the_half(int slices)
    {
        string before;
        await using (var file = SomeSqliteStore.At(_path, _time))
        {
            await FillAsync(file);
            before = await InventoryAsync(file, file);
        }

        var left = slices;
        await Assert.ThrowsAsync<OperationCanceledException>(() => MoveAsync((_, _) =>
        {
            if (--left == 0) throw new OperationCanceledException();
        }));
        var refused = await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings, _time));
        Assert.Contains("riskengine migrate --yes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await InventoryOfFileAsync());
        await MoveAsync();
        await using var shared = await SharedStores.AtAsync(_settings, _time);
        Assert.Equal(before, await InventoryAsync(shared, shared));
    }

    [Theory]
    [InlineData("DELETE FROM state_rows WHERE ctid = (SELECT min(ctid) FROM state_rows WHERE kind = 1)", "Of profiles 32 rows were to be moved and 31 are there.")]
    [InlineData("UPDATE state_rows SET body = body || '\\x00' WHERE ctid = (SELECT min(ctid) FROM state_rows WHERE kind = 2)", "Of reputation ")]
    [InlineData("UPDATE events SET occurred_at = occurred_at + 1 WHERE seq = 7", "with another content")]
    public async Task A_row_that_is_missing_or_changed_is_found_and_the_store_stays_closed(string damage, string words)
    {
        await FillFileAsync();
        var isDamaged = false;
        var failure = await Assert.ThrowsAsync<StateStoreException>(() => MoveAsync((table, _) =>
        {
            if (isDamaged || table != "login_days") return;
            isDamaged = true;
            Assert.NotNull(SqlAsync(damage).GetAwaiter().GetResult());
        }));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(_settings, _time));
    }

    [Fact]
    public async Task A_look_tells_what_would_go_over_and_changes_nothing()
    {
        await FillFileAsync();
        var would = await StoreMigration.RunAsync(_path, _settings, apply: false, "test", _time, null, CancellationToken.None);
        Assert.False(would.IsDone);
        Assert.Equal("0", (await SqlAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))!.Trim());
        await using (await SharedStores.AtAsync(_settings, _time)) { }

        Assert.Equal(would.Tables, (await MoveAsync()).Tables);
    }

    [Fact]
    public async Task A_store_that_was_served_another_file_and_a_changed_one_are_refused()
    {
        await FillFileAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => MoveAsync(static (_, _) => throw new OperationCanceledException()));
        await using (var file = SomeSqliteStore.At(_path, _time)) await new UnitOfWork(file.Hash).Login("later", Now).RunAsync(file);
        Assert.Contains("has changed since", (await Assert.ThrowsAsync<StateStoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);

        _settings = await SharedStores.SettingsAsync();
        await using (var shared = await SharedStores.AtAsync(_settings, _time)) await new UnitOfWork(shared.Hash).Login("a", Now).RunAsync(shared);
        Assert.Contains("is in use: 1 changes, 1 events", (await Assert.ThrowsAsync<StateStoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_before_deliveries_had_traces_goes_over_too()
    {
        await FillFileAsync();
        using (var database = SqliteDatabase.OpenForWriting(_path)) database.Execute("ALTER TABLE outbox DROP COLUMN trace; PRAGMA user_version = 11");
        await MoveAsync();
        await using var shared = await SharedStores.AtAsync(_settings, _time);
        Assert.Equal([("one", null), ("two", null)], (await shared.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => (item.IdempotencyKey, item.Trace)));
    }

    [Fact]
    public async Task A_file_that_is_served_is_refused()
    {
        await using var file = SomeSqliteStore.At(_path, _time);
        await FillAsync(file);
        Assert.Contains("in use by another process", (await Assert.ThrowsAsync<StateStoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);
    }

    private Task<MigrationReport> MoveAsync(Action<string, long>? progress = null) => StoreMigration.RunAsync(_path, _settings, apply: true, "test", _time, progress, slice: 7, CancellationToken.None);

    private async Task FillFileAsync()
    {
        await using var file = SomeSqliteStore.At(_path, _time);
        await FillAsync(file);
    }

    private async Task<string> InventoryOfFileAsync()
    {
        await using var file = SomeSqliteStore.At(_path, _time);
        return await InventoryAsync(file, file);
    }

    private async Task<string?> SqlAsync(string sql) =>
        await (await PostgreSqlServer.CurrentAsync()).ExecuteAsync(new Npgsql.NpgsqlConnectionStringBuilder(_settings.ConnectionString).Database!, sql);

    private static long Rows(MigrationReport report, string table) => report.Tables.Single(count => count.Table == table).Rows;

    /// <summary>A bit of everything that a store holds, over three days.</summary>
    private static async Task FillAsync(SqliteStateStore store)
    {
        for (var i = 0; i < 30; i++)
        {
            var work = new UnitOfWork(store.Hash).Login($"a-{i}", Now - TimeSpan.FromDays(2) + TimeSpan.FromHours(i)).Login($"b-{i}", Now - TimeSpan.FromDays(2), $"p{i}", $"198.51.100.{i}");
            await work.LoadAsync(store);
            work.Effects.Cursors = new Dictionary<string, string> { ["authentik"] = $"row {i}" };
            await store.CommitAsync(work.Judge((RiskLevel)(i % 4)).Effects, CancellationToken.None);
        }

        var guess = new UnitOfWork(store.Hash).Login("guess", Now, "", "2001:db8::7", EventKind.LoginFailed).Login("other", Now, "p1", kind: EventKind.Other);
        guess.Batch[0].SubjectName = guess.Batch.Append(Encoding.ASCII.GetBytes("~" + new string('a', 32)));
        await guess.LoadAsync(store);
        guess.View.Carried.Write(CarriedPart.Valve, 5).Fill(7);
        await store.CommitAsync(guess.Judge().Effects, CancellationToken.None);
        await BlockAsync(store, store.Hash, "203.0.113.9");
        var released = await BlockAsync(store, store.Hash, "203.0.113.10");
        await store.RemoveBlockAsync(released.Id, Entry("block.remove"), CancellationToken.None);
        await store.AddFeedbackAsync(new Feedback("default", "a-0", FeedbackLabel.Safe, "it was him", "admin", Now), new AuditEntry(0, Now, "admin", "feedback", "subject:42", "") { Subject = SubjectHandle.Of(store.Hash, "default", "42") }, CancellationToken.None);
        await store.AddKeyAsync(new ApiKey("idp", new byte[32], ["evaluate"], Now, null), Entry("key.create"), CancellationToken.None);
        await store.Outbox.AddAsync([Owed(store.Hash, "one", "42"), Owed(store.Hash, "two", "p3") with { OnceFor = TimeSpan.FromHours(1), Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }], CancellationToken.None);
        await store.WriteOperatorsAsync([], Entry("operators"), CancellationToken.None);
        var challenge = new Challenge { Id = 77, IssuedAt = Now, Origin = default, Subject = SubjectHandle.Of(store.Hash, "default", "42"), Request = 5, Event = 6 };
        await store.Challenges.SaveAsync([challenge], new Dictionary<int, long> { [Now.UnixDays] = 12 }, CancellationToken.None);
    }

    private static OutboxItem Owed(KeyedHash hash, string key, string subject) =>
        new() { Responder = "web", OrderKey = subject, Kind = "notify", IdempotencyKey = key, Payload = new byte[] { 1, 2 }, Subject = SubjectHandle.Of(hash, "default", subject) };

    /// <summary>What a store knows, in words.</summary>
    private static async Task<string> InventoryAsync(IStateStore state, IRecordStore records)
    {
        var text = new StringBuilder();
        var page = await records.FindAssessmentsAsync(new AssessmentQuery { Limit = 1000, WithUnjudged = true }, CancellationToken.None);
        foreach (var stored in page.Items) text.AppendLine(JsonSerializer.Serialize(stored));
        string[] ids = ["a-0", "a-29", "b-7", "guess", "never"];
        for (var i = 0; i < ids.Length; i++)
        {
            var subject = i % 2 == 0 ? "42" : $"p{i}";
            var view = (await new UnitOfWork(state.Hash).Login(ids[i], Now, subject, i == 3 ? "2001:db8::7" : "203.0.113.7").LoadAsync(state)).View;
            var profile = view.Profiles.Profile(view[0].Subject);
            var failures = view.Reputation.Row(view[0].Address).Failures.At(Now.UnixSeconds, ReputationRow.HalfLife);
            text.AppendLine(CultureInfo.InvariantCulture, $"{ids[i]}: repeat {view.Events.IsFound(view[0].Event)}, {profile.Header.Logins} logins, {failures} failures, watermark {view.Watermark.UnixMilliseconds}, carried {Convert.ToHexString(view.Carried.Value)}");
        }

        foreach (var block in state.Blocks.All.OrderBy(block => block.Id)) text.AppendLine(block.ToString());
        foreach (var item in await records.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)) text.AppendLine(CultureInfo.InvariantCulture, $"{item.Id} {item.IdempotencyKey} {item.OrderKey} {item.Subject:x} {item.DueAt} {Convert.ToHexString(item.Payload.Span)} {item.Trace ?? "no trace"}");
        foreach (var key in await records.ListKeysAsync(CancellationToken.None)) text.AppendLine(CultureInfo.InvariantCulture, $"{key.Name} {Convert.ToHexString(key.Sha256)} {string.Join(' ', key.Scopes)}");
        foreach (var challenge in await records.Challenges.ReadOpenAsync(CancellationToken.None)) text.AppendLine(challenge.ToString());
        text.AppendLine(CultureInfo.InvariantCulture, $"{await records.ReadCursorAsync("authentik", CancellationToken.None)} {(await records.Challenges.CountAsync(0, CancellationToken.None)).Logins}");
        text.AppendLine(JsonSerializer.Serialize(await records.FindFeedbackAsync("default", ["a-0"], CancellationToken.None)));
        foreach (var record in (await records.ReadAuditAsync(0, 100, CancellationToken.None)).Where(record => record.Entry.What != "store.migrate")) text.AppendLine(record.ToString());
        return text.ToString();
    }

    private static async Task<Block> BlockAsync(IRecordStore store, KeyedHash hash, string address)
    {
        Assert.True(new BlockKeyReader(hash).TryParse(BlockScope.Ip, address, "default", EntryPurpose.Block, out var entry, out var error), error);
        var block = new Block { Scope = BlockScope.Ip, Value = entry.Value, Reason = "test", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
        return await store.AddBlockAsync(block, entry.Key, Entry("block.add"), CancellationToken.None);
    }

    private static AuditEntry Entry(string what) => new(0, Now, "admin", what, "", "");
}
