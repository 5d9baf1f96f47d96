using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>What goes for its age, what stays, and that it is counted.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset());
    private readonly string _path;

    public RetentionTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Words_older_than_their_age_go_and_younger_ones_stay()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        await SayAsync(store, "old", Now - TimeSpan.FromDays(11));
        await SayAsync(store, "young", Now - TimeSpan.FromDays(9));
        await TidyAsync(store);
        Assert.Equal(["young"], Read("SELECT note FROM feedback", row => row.Text(0)));
        Assert.Equal(1, store.Meter.Expired(StoreTable.Feedback));
    }

    [Fact]
    public async Task Old_records_of_the_audit_go_from_the_front_and_the_rest_is_whole_from_the_anchor()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        for (var day = 60; day > 0; day--) await AddKeyAsync(store, $"k{day}", Now - TimeSpan.FromDays(day));
        await TidyAsync(store);
        var ends = await store.ReadAuditEndsAsync(CancellationToken.None);
        Assert.Equal(30, ends.Anchor.Number);
        var records = await store.ReadAuditAsync(0, 1000, CancellationToken.None);
        Assert.Equal("k30", records[0].Entry.Target);
        var note = Assert.Single(records, record => record.Entry.What == "audit.expire").Entry;
        Assert.Equal(("riskengine", "record 30"), (note.Who, note.Target));
        Assert.Contains(ends.Anchor.Hash, note.Detail, StringComparison.Ordinal);
        Assert.True(Verify(null).IsWhole);
        Assert.True(Verify(ends.Anchor.Hash).IsWhole);
        Assert.Equal(30, store.Meter.Expired(StoreTable.Audit));
    }

    [Fact]
    public async Task Who_cuts_the_front_of_the_audit_by_himself_is_found()
    {
        await using (var store = Open())
        {
            for (var day = 5; day > 0; day--) await AddKeyAsync(store, $"k{day}", Now - TimeSpan.FromDays(day));
        }

        using (var database = SqliteDatabase.OpenForWriting(_path)) database.Execute("INSERT INTO meta (name, value) VALUES ('audit_removed', 3); DELETE FROM audit WHERE number <= 3");
        Assert.Equal(1, Verify(null).FirstBad);
    }

    [Fact]
    public async Task Many_old_records_go_slice_by_slice_and_one_record_says_so()
    {
        await using var store = Open();
        for (var i = 0; i < 1200; i++) await AddKeyAsync(store, $"k{i}", Now);
        _time.Advance(TimeSpan.FromDays(40));
        await new UnitOfWork(store.Hash).Login("a", Now + TimeSpan.FromDays(40)).RunAsync(store);
        for (var i = 0; i < 4; i++) await TidyAsync(store, TimeSpan.FromDays(40));
        Assert.Equal(1200, (await store.ReadAuditEndsAsync(CancellationToken.None)).Anchor.Number);
        Assert.Single(await store.ReadAuditAsync(0, 1000, CancellationToken.None), record => record.Entry.What == "audit.expire");
        Assert.True(Verify(null).IsWhole);
    }

    [Fact]
    public async Task A_record_that_is_over_its_age_by_less_than_a_day_waits_for_others()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        await AddKeyAsync(store, "k", Now - TimeSpan.FromDays(30.5));
        await TidyAsync(store);
        Assert.Equal(AuditMark.Start, (await store.ReadAuditEndsAsync(CancellationToken.None)).Anchor);
    }

    [Fact]
    public async Task The_key_of_a_subject_goes_with_the_last_record_that_names_it()
    {
        await using var store = Open();
        await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        foreach (var (name, age) in new[] { ("old", 50), ("young", 5) })
        {
            var block = new Block { Scope = BlockScope.Subject, Value = name, Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
            await store.AddBlockAsync(block, new BlockKey((UInt128)age), new AuditEntry(0, Now - TimeSpan.FromDays(age), "admin", "block.add", $"subject:{name}", ""), CancellationToken.None);
        }

        await TidyAsync(store);
        Assert.Equal([2L], Read("SELECT id FROM subject_keys", row => row.Integer(0)));
        Assert.Equal("subject:young", (await store.ReadAuditAsync(0, 10, CancellationToken.None))[0].Entry.Target);
    }

    [Fact]
    public async Task Profiles_and_pairs_long_unchanged_go_and_are_counted()
    {
        await using (var store = Open())
        {
            await new UnitOfWork(store.Hash).Login("a", Now, "42").RunAsync(store);
            await TidyAsync(store);
        }

        _time.Advance(TimeSpan.FromDays(500));
        await using var again = Open();
        await new UnitOfWork(again.Hash).Login("b", Now + TimeSpan.FromDays(500), "77", "198.51.100.1").RunAsync(again);
        await TidyAsync(again);
        Assert.True(again.Meter.Expired(StoreTable.Profiles) > 0);
        Assert.True(again.Meter.Expired(StoreTable.Pairs) > 0);
        Assert.True(again.Meter.Expired(StoreTable.Events) > 0);
        Assert.Null(await again.FindEventAsync("default", "a", CancellationToken.None));
    }

    private static async Task AddKeyAsync(SqliteStateStore store, string name, EventTime at) =>
        await store.AddKeyAsync(new ApiKey(name, new byte[32], [], at, null), new AuditEntry(0, at, "admin", "key.create", name, ""), CancellationToken.None);

    private static async Task SayAsync(SqliteStateStore store, string note, EventTime at) =>
        await store.AddFeedbackAsync(new Feedback("default", "a", FeedbackLabel.Safe, note, "admin", at), new AuditEntry(0, Now, "admin", "feedback", "a", ""), CancellationToken.None);

    /// <summary>Makes as many transactions as it takes for housekeeping to come by twice.</summary>
    private static async Task TidyAsync(SqliteStateStore store, TimeSpan later = default)
    {
        for (var i = 0; i < 130; i++) await store.WriteOperatorsAsync([], new AuditEntry(0, Now + later, "admin", "tidy", "", ""), CancellationToken.None);
    }

    private List<T> Read<T>(string sql, Func<SqliteStatement, T> read)
    {
        using var database = SqliteDatabase.OpenForReading(_path);
        return database.Query(sql, read);
    }

    private AuditVerdict Verify(string? expected)
    {
        using var audit = StoredAudit.Open(_path);
        return audit.Read(expected, _ => { }, CancellationToken.None);
    }

    private SqliteStateStore Open() => SqliteStateStore.Open(
        new SqliteStoreSettings { Path = _path, FeedbackAge = TimeSpan.FromDays(10), AuditAge = TimeSpan.FromDays(30), JournalLength = 1 }, _time);
}
