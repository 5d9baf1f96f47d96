using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Tests.Sqlite;

namespace RiskEngine.Storage.Tests.Rotation;

/// <summary>Blocks, what is owed and the audit after the secret of the hashes was turned.</summary>
public sealed class RotatedRecordsTests : RotationTest
{
    [Fact]
    public async Task Blocks_hold_and_those_that_name_a_hash_end()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await BlockAsync(store, store.Hash, BlockScope.Subject, "42");
            await BlockAsync(store, store.Hash, BlockScope.Pair, "42@203.0.113.7");
            await BlockAsync(store, store.Hash, BlockScope.Ip, "203.0.113.9");
            await BlockAsync(store, store.Hash, BlockScope.Session, new string('b', 32));
            await BlockAsync(store, store.Hash, BlockScope.Subject, Unknown);
        }

        var report = Rotate();
        Assert.Equal((3, 2), (report[RotationReport.Blocks].Kept, report[RotationReport.Blocks].Lost));
        await using var again = SomeSqliteStore.At(StorePath, TimeProvider.System);
        Assert.True(again.Blocks.Find(BlockScope.Subject, SubjectHandle.Of(again.Hash, "default", "42"), Now) is not null);
        Assert.Equal(["42", "42@203.0.113.7", "203.0.113.9"], again.Blocks.All.OrderBy(block => block.Id).Select(block => block.Value));
    }

    [Fact]
    public async Task What_is_wished_of_a_person_afterwards_takes_the_place_of_what_was_wished_before()
    {
        OutboxItem Wish(KeyedHash hash, bool isIn)
        {
            var subject = SubjectHandle.Of(hash, "default", "42");
            return new OutboxItem { Responder = "authentik", OrderKey = $"membership/{subject:x32}", Kind = "membership", IdempotencyKey = $"{isIn}", Payload = new byte[1], Subject = subject, IsLatestWish = true };
        }

        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await store.Outbox.AddAsync([Wish(store.Hash, isIn: true)], CancellationToken.None);
        }

        Rotate();
        await using var again = SomeSqliteStore.At(StorePath, TimeProvider.System);
        await again.Outbox.AddAsync([Wish(again.Hash, isIn: false)], CancellationToken.None);
        Assert.Equal("False", Assert.Single(await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).IdempotencyKey);
    }

    [Fact]
    public async Task What_is_owed_is_still_owed_and_goes_with_the_person_and_what_nobody_could_find_any_more_goes_at_once()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            await FillAsync(store, 3);
            OutboxItem Owed(string subject) => new()
            {
                Responder = "web", OrderKey = subject, Kind = "notify", IdempotencyKey = subject, Payload = new byte[1], Subject = subject.Length == 0 ? null : SubjectHandle.Of(store.Hash, "default", subject),
            };
            await store.Outbox.AddAsync([Owed("42"), Owed("never seen"), Owed("")], CancellationToken.None);
        }

        var report = Rotate();
        Assert.Equal((1, 1), (report[RotationReport.Outbox].Kept, report[RotationReport.Outbox].Lost));
        await using var again = SomeSqliteStore.At(StorePath, TimeProvider.System);
        Assert.Equal(["42", ""], (await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.OrderKey));
        await again.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        Assert.Equal([""], (await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.OrderKey));
    }

    [Fact]
    public async Task The_audit_stays_whole_and_names_whom_it_named_and_the_person_can_still_be_erased()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await BlockAsync(store, store.Hash, BlockScope.Subject, "42");
            await BlockAsync(store, store.Hash, BlockScope.Subject, "who-never-came");
            await store.AddFeedbackAsync(new Feedback("default", "a-0", FeedbackLabel.Safe, "it was him", "admin", Now), Entry("feedback", "a-0"), CancellationToken.None);
        }

        Rotate();
        Assert.True(Verify().IsWhole, Verify().Fault);
        await using var again = SomeSqliteStore.At(StorePath, TimeProvider.System);
        var audit = await again.ReadAuditAsync(0, 100, CancellationToken.None);
        Assert.DoesNotContain(audit, record => record.IsErased);
        Assert.Contains("profiles 4 kept 1 lost", Assert.Single(audit, record => record.Entry.What == "hash_secret.rotate").Entry.Detail);
        foreach (var name in new[] { "42", "who-never-came" })
        {
            var report = await again.EraseSubjectAsync(new SubjectErasure("default", name, DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
            Assert.True(report.Rows[ErasureReport.Audit] > 0, name);
            Assert.Equal(name == "42" ? 1 : 0, report.Rows[ErasureReport.Feedback]);
        }
    }

    private AuditVerdict Verify()
    {
        using var audit = StoredAudit.Open(StorePath);
        return audit.Read(null, _ => { }, CancellationToken.None);
    }
}
