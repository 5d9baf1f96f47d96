using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Audit;

/// <summary>The audit in a file that somebody else can write to, and the one of a file from before it was a chain.</summary>
public sealed class StoredAuditTests : IDisposable
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public StoredAuditTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_whole_while_a_store_uses_it_and_after_a_restart_the_chain_goes_on()
    {
        await using (var store = Open())
        {
            await AddAsync(store, 3);
            Assert.True(Verify().IsWhole);
        }

        await using var again = Open();
        await AddAsync(again, 2);
        var verdict = Verify();
        Assert.True(verdict.IsWhole, verdict.Fault);
        Assert.Equal(5, verdict.Head.Number);
    }

    [Theory]
    [InlineData("UPDATE audit SET who = 'nobody' WHERE number = 2", 2)]
    [InlineData("UPDATE audit SET at = at + 1 WHERE number = 1", 1)]
    [InlineData("UPDATE audit SET key_id = 7 WHERE number = 3", 3)]
    [InlineData("DELETE FROM audit WHERE number = 1", 1)]
    [InlineData("DELETE FROM audit WHERE number = 2", 2)]
    [InlineData("DELETE FROM audit WHERE number >= 3", 3)]
    [InlineData("DELETE FROM audit", 1)]
    [InlineData("DELETE FROM audit WHERE number = 5; INSERT INTO audit SELECT 5, at, who, what, key_id, content, hash FROM audit WHERE number = 4", 5)]
    [InlineData("INSERT INTO audit SELECT 6, at, who, what, key_id, content, hash FROM audit WHERE number = 5", 6)]
    [InlineData("UPDATE meta SET value = zeroblob(72) WHERE name = 'audit_head'", 5)]
    [InlineData("UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'audit_anchor') WHERE name = 'audit_head'", 5)]
    [InlineData("DELETE FROM meta WHERE name = 'audit_head'", 5)]
    [InlineData("DELETE FROM meta WHERE name = 'audit_anchor'", 0)]
    public async Task What_somebody_did_to_the_file_is_found_at_its_record(string tampering, long at)
    {
        await using (var store = Open()) await AddAsync(store, 5);
        Tamper(tampering);
        var verdict = Verify();
        Assert.False(verdict.IsWhole);
        Assert.Equal(at, verdict.FirstBad);
    }

    [Fact]
    public async Task Who_holds_the_files_keys_can_cut_its_end_but_not_past_a_head_that_was_written_down()
    {
        string head;
        await using (var store = Open())
        {
            await AddAsync(store, 5);
            head = (await store.ReadAuditEndsAsync(CancellationToken.None)).Head.Hash;
        }

        using (var database = SqliteDatabase.OpenForWriting(_path))
        {
            var key = database.Query("SELECT value FROM meta WHERE name = 'audit_key'", row => row.Blob(0).ToArray())[0];
            var third = database.Query("SELECT hash FROM audit WHERE number = 3", row => Convert.ToHexStringLower(row.Blob(0)))[0];
            database.Execute("DROP TRIGGER audit_is_not_cut");
            database.Execute("DELETE FROM audit WHERE number > 3");
            database.Execute("UPDATE meta SET value = ? WHERE name = 'audit_head'", AuditMarkCodec.Write("audit_head", new AuditMark(3, third), key));
        }

        Assert.True(Verify().IsWhole);
        Assert.False(Verify(head).IsWhole);
    }

    [Fact]
    public async Task A_store_whose_head_was_changed_goes_on_and_the_gap_stays_in_sight()
    {
        await using (var store = Open()) await AddAsync(store, 3);
        Tamper("UPDATE meta SET value = x'00' WHERE name = 'audit_head'");
        await using (var store = Open()) await AddAsync(store, 2);
        var verdict = Verify();
        Assert.Equal((4, "it is missing"), (verdict.FirstBad, verdict.Fault));
    }

    [Fact]
    public async Task The_audit_is_append_only_for_who_does_not_know_better()
    {
        await using (var store = Open()) await AddAsync(store, 2);
        using var database = SqliteDatabase.OpenForWriting(_path);
        Assert.Throws<SqliteFailureException>(() => database.Execute("DELETE FROM audit WHERE number = 1"));
        Assert.Throws<SqliteFailureException>(() => database.Execute("UPDATE audit SET who = 'x'"));
    }

    [Fact]
    public async Task Records_of_the_version_before_become_links_of_the_chain_and_names_in_them_are_encrypted()
    {
        UInt128 jane;
        await using (var store = Open())
        {
            jane = SubjectHandle.Of(store.Hash, "default", "jane");
            await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
        }

        FirstVersion.Restore(_path);
        using (var before = SqliteDatabase.OpenForWriting(_path))
        {
            before.Execute("INSERT INTO audit (at, who, what, target, detail) VALUES (1000, 'admin', 'block.add', 'subject:jane', 'she left'), (2000, 'admin from 203.0.113.9', 'key.create', 'grafana', 'evaluate')");
        }

        await using var again = Open();
        var records = await again.ReadAuditAsync(0, 10, CancellationToken.None);
        Assert.Equal(["subject:jane she left", "grafana evaluate"], records.Select(record => $"{record.Entry.Target} {record.Entry.Detail}"));
        Assert.Equal(new AuditEntry(2, new EventTime(2000), "admin from 203.0.113.9", "key.create", "grafana", "evaluate"), records[1].Entry);
        Assert.Equal([1L, 0L], records.Select(record => record.KeyId));
        Assert.True(Verify().IsWhole);
        using var database = SqliteDatabase.OpenForReading(_path);
        Assert.Equal(0, database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'audit_before'"));
        var key = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(key, jane);
        Assert.Equal(1, database.Number("SELECT count(*) FROM subject_keys WHERE subject = ?", key));
    }

    [Fact]
    public void The_hash_is_the_one_that_the_format_says()
    {
        var row = AuditRow.Append(AuditMark.Start, new AuditEntry(0, new EventTime(1_700_000_000_000), "admin", "key.create", "k", "evaluate"), null);
        byte[] bytes =
        [
            .. new byte[32], 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0x01, 0x8B, 0xCF, 0xE5, 0x68, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 5, .. "admin"u8, 0, 0, 0, 10, .. "key.create"u8, 0, 0, 0, 13, 0, 0, 0, 1, .. "kevaluate"u8,
        ];
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), row.Hash);
    }

    [Fact]
    public void What_is_encrypted_opens_with_its_key_and_its_number_only()
    {
        var (key, other) = (AuditContent.NewKey(), AuditContent.NewKey());
        var plain = AuditContent.Write("subject:jane", "why");
        var content = AuditContent.Seal(plain, key, 7);
        Assert.Equal(("subject:jane", "why"), AuditContent.Read(AuditContent.Open(content, key, 7)!));
        Assert.Null(AuditContent.Open(content, other, 7));
        Assert.Null(AuditContent.Open(content, key, 8));
        Assert.Null(AuditContent.Open(content.AsSpan(0, 20), key, 7));
        Assert.NotEqual(content, AuditContent.Seal(plain, key, 7));
    }

    [Fact]
    public void Memory_keeps_the_newest_records_and_the_anchor_says_where_they_begin()
    {
        var audit = new MemoryAudit(3);
        for (var i = 0; i < 5; i++) audit.Append(new AuditEntry(0, Now, "admin", "did", $"{i}", ""));
        Assert.Equal(2, audit.Anchor.Number);
        var verifier = new AuditVerifier(audit.Anchor);
        foreach (var record in audit.Read(0, 10)) verifier.Add(record);
        Assert.True(verifier.Finish(audit.Head).IsWhole);
    }

    private static async Task AddAsync(SqliteStateStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var audit = new AuditEntry(0, Now, "admin", "key.create", $"k{i}", "");
            await store.AddKeyAsync(new ApiKey($"k{i}", new byte[32], [], Now, null), audit, CancellationToken.None);
        }
    }

    private void Tamper(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(_path);
        database.Execute("DROP TRIGGER audit_is_not_cut; DROP TRIGGER audit_is_not_changed");
        database.Execute(sql);
    }

    private AuditVerdict Verify(string? expected = null)
    {
        using var audit = StoredAudit.Open(_path);
        return audit.Read(expected, _ => { }, CancellationToken.None);
    }

    private SqliteStateStore Open() => SomeSqliteStore.At(_path, TimeProvider.System);
}
