using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Tests.InMemory;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Audit;

/// <summary>What the audit of every store owes: a chain that can be checked, and names that can be taken out of it.</summary>
public abstract class AuditContract : StoreContract
{
    private static readonly AuditEntry Entry = new(0, Now, "admin", "block.add", "subject:jane", "she asked for it");

    [Fact]
    public async Task An_empty_audit_is_whole()
    {
        Assert.Equal(new AuditEnds(AuditMark.Start, AuditMark.Start), await Records.ReadAuditEndsAsync(CancellationToken.None));
        Assert.True((await VerifyAsync(await RecordsAsync())).IsWhole);
    }

    [Fact]
    public async Task Whatever_was_changed_the_chain_of_the_records_is_whole_and_ends_with_the_head()
    {
        await ChangeAsync();
        var records = await RecordsAsync();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (long)number), records.Select(record => record.Entry.Id));
        Assert.Equal(new AuditMark(records.Count, records[^1].Hash), (await Records.ReadAuditEndsAsync(CancellationToken.None)).Head);
        Assert.True((await VerifyAsync(records)).IsWhole);
    }

    [Fact]
    public async Task A_record_that_names_a_subject_holds_the_name_only_encrypted_and_one_that_names_nobody_is_in_clear()
    {
        await ChangeAsync();
        var records = await RecordsAsync();
        var names = records.Where(record => record.Entry.Target.Contains("jane", StringComparison.Ordinal)).ToList();
        Assert.Equal(["subject:jane", "pair:jane@203.0.113.7", "subject:jane"], names.Select(record => record.Entry.Target));
        Assert.All(names, record => Assert.DoesNotContain("jane", System.Text.Encoding.UTF8.GetString(record.Content.Span), StringComparison.Ordinal));
        Assert.All(names, record => Assert.Equal(names[0].KeyId, record.KeyId));
        Assert.NotEqual(0, names[0].KeyId);
        var address = Assert.Single(records, record => record.Entry.Target == "ip:203.0.113.7");
        Assert.Equal(0, address.KeyId);
        Assert.Contains("ip:203.0.113.7", System.Text.Encoding.UTF8.GetString(address.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_on_an_event_are_encrypted_under_the_key_of_its_subject()
    {
        await Work().Login("a", Now, "jane").RunAsync(Store);
        await Records.AddBlockAsync(SomeBlock("jane"), new BlockKey(1), Entry, CancellationToken.None);
        await Records.AddFeedbackAsync(new Feedback("default", "a", FeedbackLabel.Safe, "jane was on holiday", "admin", Now), Entry with { What = "feedback", Target = "a", Detail = "jane was on holiday" }, CancellationToken.None);
        var records = await RecordsAsync();
        Assert.Equal(records[0].KeyId, records[1].KeyId);
        Assert.DoesNotContain("jane", System.Text.Encoding.UTF8.GetString(records[1].Content.Span), StringComparison.Ordinal);
        Assert.Equal("jane was on holiday", records[1].Entry.Detail);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_changed_record_is_found(int index)
    {
        await ChangeAsync();
        var records = (await RecordsAsync()).ToList();
        records[index] = records[index] with { Entry = records[index].Entry with { Who = "somebody else" } };
        await AssertBrokenAsync(records, index + 1);
    }

    [Fact]
    public async Task A_changed_ciphertext_is_found()
    {
        await ChangeAsync();
        var records = (await RecordsAsync()).ToList();
        var index = records.FindIndex(record => record.KeyId != 0);
        var content = records[index].Content.ToArray();
        content[^1] ^= 1;
        records[index] = records[index] with { Content = content };
        await AssertBrokenAsync(records, index + 1);
    }

    [Fact]
    public async Task A_changed_record_with_a_hash_that_fits_it_is_found_at_the_next_one()
    {
        await ChangeAsync();
        var records = (await RecordsAsync()).ToList();
        var forged = AuditRow.Append(new AuditMark(1, records[0].Hash), new AuditEntry(0, Now, "nobody", "nothing", "", ""), null);
        records[1] = forged.ToRecord(null);
        await AssertBrokenAsync(records, 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_removed_record_is_found(int index)
    {
        await ChangeAsync();
        var records = (await RecordsAsync()).ToList();
        records.RemoveAt(index);
        await AssertBrokenAsync(records, index + 1);
    }

    [Fact]
    public async Task Swapped_records_are_found()
    {
        await ChangeAsync();
        var records = (await RecordsAsync()).ToList();
        (records[1], records[2]) = (records[2], records[1]);
        await AssertBrokenAsync(records, 2);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_found()
    {
        await ChangeAsync();
        var records = await RecordsAsync();
        await AssertBrokenAsync([.. records.Take(3)], 4);
    }

    [Fact]
    public async Task A_head_written_down_earlier_is_met_and_one_that_never_was_is_not()
    {
        await ChangeAsync();
        var records = await RecordsAsync();
        Assert.True((await VerifyAsync(records, records[2].Hash.ToUpperInvariant())).IsWhole);
        Assert.True((await VerifyAsync(records, records[^1].Hash)).IsWhole);
        var strange = await VerifyAsync(records, new string('a', 64));
        Assert.Equal("no record up to it has the head that was given", strange.Fault);
    }

    private async Task ChangeAsync()
    {
        var jane = SubjectHandle.Of(Store.Hash, "default", "jane");
        var block = await Records.AddBlockAsync(SomeBlock("jane"), new BlockKey(jane), Entry, CancellationToken.None);
        await Records.AddKeyAsync(new ApiKey("k", new byte[32], [], Now, null), Entry with { What = "key.create", Target = "k" }, CancellationToken.None);
        await Records.AddBlockAsync(SomeBlock("jane@203.0.113.7") with { Scope = BlockScope.Pair }, new BlockKey(2), Entry with { Target = "pair:jane@203.0.113.7" }, CancellationToken.None);
        await Records.AddBlockAsync(SomeBlock("203.0.113.7") with { Scope = BlockScope.Ip }, new BlockKey(3), Entry with { Target = "ip:203.0.113.7" }, CancellationToken.None);
        await Records.RemoveBlockAsync(block.Id, Entry with { What = "block.remove" }, CancellationToken.None);
    }

    private static Block SomeBlock(string value) => new() { Scope = BlockScope.Subject, Value = value, Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };

    private async Task AssertBrokenAsync(IReadOnlyList<AuditRecord> records, long at)
    {
        var verdict = await VerifyAsync(records);
        Assert.False(verdict.IsWhole);
        Assert.Equal(at, verdict.FirstBad);
    }

    private Task<IReadOnlyList<AuditRecord>> RecordsAsync() => Records.ReadAuditAsync(0, 1000, CancellationToken.None).AsTask();

    private async Task<AuditVerdict> VerifyAsync(IReadOnlyList<AuditRecord> records, string? expected = null)
    {
        var ends = await Records.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new AuditVerifier(ends.Anchor, expected);
        foreach (var record in records) verifier.Add(record);
        return verifier.Finish(ends.Head);
    }
}

public sealed class MemoryAuditTests : AuditContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeMemoryStore.With(rowsPerTable, Time));
}

public sealed class SqliteAuditTests : AuditContract
{
    private readonly TemporaryFolder _folder = new();

    public SqliteAuditTests() => Own(_folder);

    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(SomeSqliteStore.At(_folder.File("store.db"), Time, rowsPerTable));
}
