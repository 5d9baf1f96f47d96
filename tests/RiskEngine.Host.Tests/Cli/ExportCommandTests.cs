using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Tests.Cli;

public sealed class ExportCommandTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.FullName, "store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_lines_are_enough_to_check_the_chain_with_any_other_program()
    {
        await FillAsync(4);
        var finished = await Program.RunAsync("export", "audit", "--state", Store);
        Assert.True(finished.Code == 0, finished.Error);
        var hash = new byte[32];
        foreach (var line in finished.Lines)
        {
            using var read = JsonDocument.Parse(line);
            var record = read.RootElement;
            byte[] who = Encoding.UTF8.GetBytes(record.GetProperty("who").GetString()!), what = Encoding.UTF8.GetBytes(record.GetProperty("what").GetString()!);
            var content = record.GetProperty("content").GetBytesFromBase64();
            hash = SHA256.HashData(
            [
                .. hash, .. Number(record.GetProperty("id").GetInt64()), .. Number(record.GetProperty("at_ms").GetInt64()), .. Number(record.GetProperty("key").GetInt64()),
                .. Length(who), .. who, .. Length(what), .. what, .. Length(content), .. content,
            ]);
            Assert.Equal(Convert.ToHexStringLower(hash), record.GetProperty("hash").GetString());
        }

        Assert.Equal(4, finished.Lines.Length);
    }

    [Fact]
    public async Task Verify_ends_with_0_where_the_audit_is_whole_and_names_its_head()
    {
        var head = await FillAsync(3);
        var finished = await Program.RunAsync("export", "audit", "--state", Store, "--verify");
        Assert.True(finished.Code == 0, finished.Error);
        Assert.Empty(finished.Output);
        Assert.Equal($"whole: 3 records, head {head} (record 3)", finished.Error.Trim());
        Assert.Equal(0, (await Program.RunAsync("export", "audit", "--state", Store, "--head", head)).Code);
    }

    [Fact]
    public async Task A_head_that_the_chain_does_not_come_by_ends_with_4()
    {
        await FillAsync(3);
        var finished = await Program.RunAsync("export", "audit", "--state", Store, "--head", new string('0', 63) + "1");
        Assert.Equal(4, finished.Code);
        Assert.Contains("broken at record 3: no record up to it has the head that was given", finished.Error);
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older_and_checks_it_all_the_same()
    {
        await FillAsync(3);
        var output = Path.Combine(_folder.FullName, "audit.jsonl");
        var finished = await Program.RunAsync("export", "audit", "--state", Store, "--since", "2026-11-01T13:00:00Z", "--out", output, "--verify");
        Assert.True(finished.Code == 0, finished.Error);
        Assert.Contains("whole: 3 records", finished.Error);
        Assert.Equal(["k1", "k2"], (await File.ReadAllLinesAsync(output)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("target").GetString()));
    }

    [Theory]
    [InlineData("--since", "lately")]
    [InlineData("--head", "abc")]
    public async Task Wrong_usage_ends_with_2(string option, string value) =>
        Assert.Equal(2, (await Program.RunAsync("export", "audit", "--state", Store, option, value)).Code);

    [Fact]
    public async Task A_store_that_is_not_there_ends_with_1_and_is_not_made()
    {
        Assert.Equal(1, (await Program.RunAsync("export", "audit", "--state", Store, "--verify")).Code);
        Assert.False(File.Exists(Store));
    }

    /// <summary>Makes keys, one an hour, and returns the head.</summary>
    private async Task<string> FillAsync(int count)
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = Store }, TimeProvider.System);
        for (var i = 0; i < count; i++)
        {
            var at = EventTime.From(Start.AddHours(i));
            await store.AddKeyAsync(new ApiKey($"k{i}", new byte[32], [], at, null), new AuditEntry(0, at, "admin from 203.0.113.9", "key.create", $"k{i}", "ümlaut"), CancellationToken.None);
        }

        return (await store.ReadAuditEndsAsync(CancellationToken.None)).Head.Hash;
    }

    private static byte[] Number(long value)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Length(byte[] part)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, part.Length);
        return bytes;
    }
}
