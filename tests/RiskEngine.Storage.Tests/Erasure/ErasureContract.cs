using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Tests.InMemory;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Erasure;

/// <summary>What forgetting a subject means in every store.</summary>
public abstract class ErasureContract : StoreContract
{
    protected static readonly AuditEntry Asked = new(0, Now, "admin", "subject.erase", "", "");

    [Fact]
    public async Task Nothing_of_the_subject_is_found_afterwards_and_everything_of_the_others_is()
    {
        await FillAsync();
        var report = await EraseAsync("42");
        Assert.Equal(
            new Dictionary<string, long> { ["profiles"] = 1, ["pairs"] = 2, ["skeletons"] = 1, ["events"] = 3, ["feedback"] = 1, ["blocks"] = 3, ["allowlist"] = 1, ["outbox"] = 2, ["audit"] = 4 },
            report.Rows);
        Assert.True(report.IsWiped);

        Assert.Null(await Records.FindEventAsync("default", "j1", CancellationToken.None));
        var view = (await Work().Login("new", Now, "42").Login("k1", Now, "77").LoadAsync(Store)).View;
        Assert.False(view.Profiles.Rows.IsFound(view[0].Subject));
        Assert.False(view.Pairs.IsFound(view[0].Pair));
        Assert.Empty((await Records.FindAssessmentsAsync(new AssessmentQuery { Subject = view[0].SubjectKey }, CancellationToken.None)).Items);
        Assert.DoesNotContain((await Records.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items, item => item.SubjectId == "42");
        Assert.Empty((await Records.FindAssessmentsAsync(new AssessmentQuery { Address = IpAddress.Parse("203.0.113.8") }, CancellationToken.None)).Items);

        Assert.True(view.Profiles.Rows.IsFound(view[1].Subject));
        Assert.True(view.Pairs.IsFound(view[1].Pair));
        Assert.Equal("k1", (await Records.FindEventAsync("default", "k1", CancellationToken.None))!.EventId);
        Assert.Equal(["k1"], (await Records.FindAssessmentsAsync(new AssessmentQuery { Subject = view[1].SubjectKey }, CancellationToken.None)).Items.Select(item => item.EventId));
        Assert.Equal(["203.0.113.7", "77"], Store.Blocks.All.Select(block => block.Value).Order());
        Assert.True(Store.AllowList.IsEmpty);
        var statistics = await Records.StatisticsAsync(CancellationToken.None);
        Assert.Equal(1, statistics.Subjects);
    }

    [Fact]
    public async Task The_source_cannot_bring_an_erased_event_back()
    {
        await FillAsync();
        await EraseAsync("42");
        var view = (await Work().Login("j1", Now, "42").LoadAsync(Store)).View;
        Assert.True(view.Events.IsFound(0));
    }

    [Fact]
    public async Task The_audit_stays_whole_and_reads_erased_where_the_subject_was_named()
    {
        await FillAsync();
        var before = await Records.ReadAuditAsync(0, 100, CancellationToken.None);
        await EraseAsync("42");
        var after = await Records.ReadAuditAsync(0, 100, CancellationToken.None);
        var ends = await Records.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new AuditVerifier(ends.Anchor, before[^1].Hash);
        foreach (var record in after) verifier.Add(record);
        Assert.True(verifier.Finish(ends.Head).IsWhole);
        Assert.Equal(4, after.Count(record => record.IsErased));
        Assert.All(after.Where(record => record.IsErased), record => Assert.Equal(("erased", ""), (record.Entry.Target, record.Entry.Detail)));
        Assert.Equal("subject:77", Assert.Single(after, record => record.KeyId != 0 && !record.IsErased).Entry.Target);

        var act = after[^1].Entry;
        Assert.Equal(("admin", "subject.erase", SubjectHandle.Receipt(Store.Hash, "default", "42")), (act.Who, act.What, act.Target));
        Assert.Equal("profiles 1, pairs 2, skeletons 1, events 3, feedback 1, blocks 3, allowlist 1, outbox 2, audit 4", act.Detail);
    }

    [Fact]
    public async Task A_name_means_the_one_account_that_bore_it_with_all_of_its_names()
    {
        await CommitAsync(Named(Work(), "a", "42", "jane"));
        await CommitAsync(Named(Work(), "b", "42", "jane.doe"));
        await CommitAsync(Named(Work(), "c", "", "jane.doe"));
        await CommitAsync(Named(Work(), "d", "", Store.Hash.UnknownName("jane")));
        await CommitAsync(Named(Work(), "e", "43", "john"));
        var report = await EraseAsync("jane");
        Assert.Equal(4, report.Rows["events"]);
        Assert.Equal(3, report.Rows["profiles"]);
        Assert.Equal(["e"], (await Records.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Select(item => item.EventId));
    }

    [Fact]
    public async Task The_look_of_the_name_goes_with_it_unless_it_is_that_of_another_account()
    {
        await CommitAsync(Named(Work(), "a", "42", "jane"));
        await CommitAsync(Named(Work(), "b", "77", "jаne"));
        Assert.Equal(0, (await EraseAsync("77")).Rows["skeletons"]);
        var view = (await Named(Work(), "x", "99", "jane").LoadAsync(Store)).View;
        Assert.True(view.Skeletons.IsFound(view[0].Skeleton));
        Assert.Equal(1, (await EraseAsync("42")).Rows["skeletons"]);
        view = (await Named(Work(), "x", "99", "jane").LoadAsync(Store)).View;
        Assert.False(view.Skeletons.IsFound(view[0].Skeleton));
    }

    [Fact]
    public async Task A_name_that_two_accounts_bore_erases_neither_and_names_both()
    {
        await CommitAsync(Named(Work(), "a", "42", "jane"));
        await CommitAsync(Named(Work(), "b", "77", "jane"));
        var report = await EraseAsync("jane");
        Assert.Equal(["42", "77"], report.Accounts);
        Assert.All(report.Rows.Values, rows => Assert.Equal(0, rows));
        Assert.NotNull(await Records.FindEventAsync("default", "a", CancellationToken.None));
        Assert.Empty(await Records.ReadAuditAsync(0, 10, CancellationToken.None));
        Assert.Equal(1, (await EraseAsync("77")).Rows["events"]);
        Assert.NotNull(await Records.FindEventAsync("default", "a", CancellationToken.None));
    }

    [Fact]
    public async Task A_subject_of_another_tenant_is_another_subject()
    {
        await CommitAsync(Named(Work(), "a", "42", "jane", "acme"));
        Assert.Equal(0, (await EraseAsync("42")).Rows["events"]);
        Assert.NotNull(await Records.FindEventAsync("acme", "a", CancellationToken.None));
        Assert.Equal(1, (await Records.EraseSubjectAsync(new SubjectErasure("acme", "jane", false), Asked, CancellationToken.None)).Rows["events"]);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_go_and_changes_nothing()
    {
        await FillAsync();
        var head = (await Records.ReadAuditEndsAsync(CancellationToken.None)).Head;
        var dry = await Records.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: true), Asked, CancellationToken.None);
        Assert.Equal(head, (await Records.ReadAuditEndsAsync(CancellationToken.None)).Head);
        Assert.Equal((await EraseAsync("42")).Rows, dry.Rows);
    }

    [Fact]
    public async Task Doing_it_again_finds_nothing_and_says_so()
    {
        await FillAsync();
        await EraseAsync("42");
        var again = await EraseAsync("42");
        Assert.All(again.Rows.Values, rows => Assert.Equal(0, rows));
        Assert.Equal("nothing was there", (await Records.ReadAuditAsync(0, 100, CancellationToken.None))[^1].Entry.Detail);
    }

    [Fact]
    public async Task What_was_loaded_before_cannot_bring_the_subject_back_and_what_comes_after_is_new()
    {
        await FillAsync();
        var stale = (await Work().Login("late", Now, "42").LoadAsync(Store)).Judge();
        await EraseAsync("42");
        await Assert.ThrowsAsync<StateStoreException>(async () => await Store.CommitAsync(stale.Effects, CancellationToken.None));
        await Work().Login("late", Now, "42").RunAsync(Store);
        var view = (await Work().Login("x", Now, "42").LoadAsync(Store)).View;
        Assert.Equal(1u, view.Profiles.Profile(view[0].Subject).Header.Logins);
    }

    protected Task<ErasureReport> EraseAsync(string subject) => Records.EraseSubjectAsync(new SubjectErasure("default", subject, DryRun: false), Asked, CancellationToken.None).AsTask();

    protected async Task FillAsync()
    {
        await Work().Login("j1", Now, "42").Login("j2", Now, "42", "203.0.113.8").Login("k1", Now, "77").RunAsync(Store);
        await Work().Login("j3", Now, "42").RunAsync(Store);
        foreach (var (scope, value) in new[] { (BlockScope.Subject, "42"), (BlockScope.Pair, "42@203.0.113.7"), (BlockScope.Subject, "77"), (BlockScope.Ip, "203.0.113.7") })
        {
            var handle = SubjectHandle.Of(Store.Hash, "default", value);
            await Records.AddBlockAsync(SomeBlock(scope, value), new BlockKey(handle), Asked with { What = "block.add", Target = $"{scope.Name()}:{value}" }, CancellationToken.None);
        }

        await Records.AddBlockAsync(SomeBlock(BlockScope.Session, new string('a', 32)) with { EventId = "j1" }, new BlockKey(9), Asked with { What = "block.add", Target = "session" }, CancellationToken.None);
        await Records.AddAllowAsync(SomeBlock(BlockScope.Subject, "42"), new BlockKey(8), Asked with { What = "allow.add", Target = "subject:42" }, CancellationToken.None);
        await Records.AddFeedbackAsync(
            new Feedback("default", "j1", FeedbackLabel.Safe, "42 was on holiday", "admin", Now),
            Asked with { What = "feedback", Target = "j1", Detail = "42 was on holiday", Owed = [Owed("42", "safe"), Owed("42", "again"), Owed("77", "other")] }, CancellationToken.None);
    }

    protected async Task CommitAsync(UnitOfWork work) => await work.RunAsync(Store);

    protected static UnitOfWork Named(UnitOfWork work, string id, string subjectId, string name, string tenant = "")
    {
        work.Login(id, Now, subjectId);
        ref var added = ref work.Batch[work.Batch.Count - 1];
        added.SubjectName = work.Batch.Append(System.Text.Encoding.UTF8.GetBytes(name));
        added.Tenant = work.Batch.Append(System.Text.Encoding.UTF8.GetBytes(tenant));
        return work;
    }

    private OutboxItem Owed(string subject, string key) => new()
    {
        Responder = "web", OrderKey = $"subject/{subject}", Kind = "notify", IdempotencyKey = $"{subject}/{key}", OnceFor = TimeSpan.FromHours(1),
        Subject = SubjectHandle.Of(Store.Hash, "default", subject), Payload = System.Text.Encoding.UTF8.GetBytes($"{subject} is safe"),
    };

    private static Block SomeBlock(BlockScope scope, string value) => new() { Scope = scope, Value = value, Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
}

public sealed class MemoryErasureTests : ErasureContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeMemoryStore.With(rowsPerTable, Time));
}

public class SqliteErasureTests : ErasureContract
{
    private readonly TemporaryFolder _folder = new();

    protected virtual long JournalLength => 64 << 20;

    protected virtual long SmallestRun => 8 << 20;

    protected virtual int RowsPerTable => 100_000;

    public SqliteErasureTests() => Own(_folder);

    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeSqliteStore.At(_folder.File("store.db"), Time, RowsPerTable, JournalLength, SmallestRun));
}

/// <summary>The same with rows carried over at once and next to nothing in memory.</summary>
public sealed class SqlitePagingErasureTests : SqliteErasureTests
{
    protected override long JournalLength => 1;

    protected override int RowsPerTable => 2;
}

/// <summary>The same with every commit a run of its own.</summary>
public sealed class SqliteRunErasureTests : SqliteErasureTests
{
    protected override long JournalLength => 1;

    protected override long SmallestRun => 1;

    protected override int RowsPerTable => 2;
}
