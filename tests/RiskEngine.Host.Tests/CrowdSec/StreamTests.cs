using System.Net.Sockets;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Host.CrowdSec;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>What a bouncer is told, and told again.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private InMemoryStateStore _store = null!;
    private RunningServer _server = null!;
    private Bouncer _bouncer = null!;

    public async Task InitializeAsync()
    {
        _store = new InMemoryStateStore(new InMemoryStoreSettings { HashKey = new byte[16] }, _clock);
        _server = await RunningServer.StartAsync(_store, _store, clock: _clock);
        _bouncer = NewBouncer();
    }

    public async Task DisposeAsync()
    {
        _bouncer.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_bouncer_is_told_everything_once_and_then_what_changed()
    {
        var first = await BlockAsync("203.0.113.1");
        Assert.Equal("+203.0.113.1", await PullAsync("?startup=true"));
        Assert.Equal("", await PullAsync());

        await BlockAsync("203.0.113.2");
        await ReleaseAsync(first);
        Assert.Equal("+203.0.113.2 -203.0.113.1", await PullAsync());
        Assert.Equal("", await PullAsync());
    }

    [Fact]
    public async Task What_came_and_went_between_two_polls_is_told_as_gone_only()
    {
        await PullAsync("?startup=true");
        await ReleaseAsync(await BlockAsync("203.0.113.1"));
        var block = await BlockAsync("203.0.113.2");
        await PullAsync();
        await ReleaseAsync(block);
        await BlockAsync("203.0.113.2");
        Assert.Equal("+203.0.113.2", await PullAsync());
    }

    [Fact]
    public async Task What_ends_by_itself_is_told_too()
    {
        await BlockAsync("203.0.113.1", "1h");
        await PullAsync("?startup=true");
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("", await PullAsync());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("-203.0.113.1", await PullAsync());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("-1m0s", (await _bouncer.GetAsync(Bouncer.Stream + "?startup=true")).GetProperty("deleted")[0].GetProperty("duration").GetString());
    }

    [Fact]
    public async Task An_end_that_moves_later_is_told_at_once_and_again_when_the_first_would_have_passed()
    {
        await BlockAsync("203.0.113.1", "1h");
        await PullAsync("?startup=true");
        await BlockAsync("203.0.113.1", "3h");
        Assert.Equal("+203.0.113.1", await PullAsync());
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("", await PullAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("+203.0.113.1", await PullAsync());
        Assert.Equal("", await PullAsync());
    }

    [Fact]
    public async Task Of_two_blocks_of_one_address_the_longer_is_told_and_the_end_of_the_shorter_is_not()
    {
        await BlockAsync("203.0.113.1", "1h");
        await PostAsync("/api/v1/blocks", new { scope = "range", value = "203.0.113.1/32", duration = "2h", reason = "x" });
        Assert.Equal("+203.0.113.1", await PullAsync("?startup=true"));
        Assert.Equal("", await PullAsync());
        _clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Empty((await _bouncer.PullAsync()).Deleted);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("-203.0.113.1", await PullAsync());
    }

    [Fact]
    public async Task What_is_allowed_is_lifted_and_comes_back_when_the_entry_ends()
    {
        await PostAsync("/api/v1/blocks", new { scope = "range", value = "198.51.100.0/30", duration = "10h", reason = "x" });
        Assert.Equal("+198.51.100.0/30", await PullAsync("?startup=true"));
        await PostAsync("/api/v1/allowlist", new { scope = "ip", value = "198.51.100.1", duration = "1h", reason = "x" });
        Assert.Equal("+198.51.100.0 +198.51.100.2/31 -198.51.100.0/30", await PullAsync());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("+198.51.100.0/30 -198.51.100.0 -198.51.100.2/31", await PullAsync());
    }

    [Fact]
    public async Task A_bouncer_that_was_away_for_days_is_told_what_ended_meanwhile()
    {
        var block = await BlockAsync("203.0.113.1", "30d");
        await PullAsync("?startup=true");
        _clock.Advance(TimeSpan.FromDays(3));
        await ReleaseAsync(block);
        using (var other = NewBouncer())
        {
            await other.PullAsync("?startup=true");
        }

        _clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal("-203.0.113.1", await PullAsync("?startup=true"));
        _clock.Advance(TimeSpan.FromDays(5));
        await BlockAsync("203.0.113.2");
        Assert.Equal("+203.0.113.2", await PullAsync("?startup=true"));
    }

    [Fact]
    public async Task Each_key_has_a_cursor_of_its_own()
    {
        using var made = await _server.ClientWithAsync("second", "decisions:read");
        using var second = Bouncer.Of(new Uri(_server.App.Urls.First()), made.DefaultRequestHeaders.Authorization!.Parameter!);
        await PullAsync("?startup=true");
        await second.PullAsync("?startup=true");
        await BlockAsync("203.0.113.1");
        Assert.Equal("+203.0.113.1", await PullAsync());
        Assert.Equal("+203.0.113.1", await ToldAsync(second));
    }

    [Fact]
    public async Task A_bouncer_without_a_cursor_is_told_everything()
    {
        await BlockAsync("203.0.113.1");
        Assert.Equal("+203.0.113.1", await PullAsync());
    }

    /// <summary>On the same store, as after a restart: the cursor is lost, the released address is in the audit, the new one stands.</summary>
    [Fact]
    public async Task After_a_restart_a_bouncer_is_told_what_stands_and_what_ended_while_it_could_not_hear()
    {
        var first = await BlockAsync("203.0.113.1");
        var range = (await PostAsync("/api/v1/blocks", new { scope = "range", value = "198.51.100.0/24", duration = "4h", reason = "x" })).GetProperty("id").GetInt64();
        await PostAsync("/api/v1/blocks", new { scope = "ip", value = "192.0.2.1", duration = "4h", reason = "x" });
        Assert.Equal(3, (await _bouncer.PullAsync("?startup=true")).New.Length);
        await ReleaseAsync(first);
        await ReleaseAsync(range);
        await PostAsync("/api/v1/allowlist", new { scope = "ip", value = "192.0.2.1", duration = "1h", reason = "x" });
        await BlockAsync("203.0.113.2");

        await using var restarted = await RunningServer.StartAsync(_store, _store, clock: _clock);
        using var bouncer = Bouncer.Of(new Uri(restarted.App.Urls.First()), _server.AdminKey);
        Assert.Equal("+203.0.113.2 -192.0.2.1 -198.51.100.0/24 -203.0.113.1", await ToldAsync(bouncer));
        Assert.Equal("", await ToldAsync(bouncer));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(3000)]
    public async Task A_bouncer_that_reads_half_an_answer_and_hangs_up_gets_it_again(int blocks)
    {
        await PullAsync("?startup=true");
        Fill(blocks);
        await HangUpAsync(read: 1000);
        await SeeAsync("unread", "broken");

        Assert.Equal(blocks, (await _bouncer.PullAsync()).New.Length);
        Assert.Equal("", await PullAsync());
    }

    [Fact]
    public async Task A_bouncer_that_never_reads_is_let_go()
    {
        Fill(100_000);
        using var silent = await AskAsync();
        await SeeAsync("broken");
        Assert.Equal(100_000, (await _bouncer.PullAsync()).New.Length);
    }

    [Fact]
    public void Thousands_of_bouncers_leave_a_table_of_fixed_size_and_the_oldest_begins_anew()
    {
        var cursors = new BouncerCursors(_clock);
        for (var i = 0; i <= BouncerCursors.Capacity; i++) cursors.Advance(new Host.CrowdSec.Bouncer($"key-{i}", "192.0.2.1"), null, i, null);
        Assert.Equal(BouncerCursors.Capacity, cursors.CountActive());
        Assert.Null(cursors.Find(new Host.CrowdSec.Bouncer("key-0", "192.0.2.1")));
        Assert.Equal(1, cursors.Find(new Host.CrowdSec.Bouncer("key-1", "192.0.2.1")));
        Assert.Null(cursors.Find(new Host.CrowdSec.Bouncer("key-1", "192.0.2.2")));
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(0, cursors.CountActive());
    }

    private Bouncer NewBouncer() => Bouncer.Of(new Uri(_server.App.Urls.First()), _server.AdminKey);

    private Task<string> PullAsync(string query = "") => ToldAsync(_bouncer, query);

    /// <summary>What a bouncer is told: + before what is new, - before what was deleted.</summary>
    private static async Task<string> ToldAsync(Bouncer bouncer, string query = "")
    {
        var (added, deleted) = await bouncer.PullAsync(query);
        return string.Join(' ', added.Select(value => "+" + value).Concat(deleted.Select(value => "-" + value)));
    }

    private async Task<long> BlockAsync(string value, string duration = "4h") =>
        (await PostAsync("/api/v1/blocks", new { scope = "ip", value, duration, reason = "test" })).GetProperty("id").GetInt64();

    private async Task<System.Text.Json.JsonElement> PostAsync(string path, object body)
    {
        using var response = await _server.Admin.PostAsync(path, Json.Body(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await Json.ReadAsync(response);
    }

    private async Task ReleaseAsync(long id)
    {
        using var response = await _server.Admin.DeleteAsync($"/api/v1/blocks/{id}");
        response.EnsureSuccessStatusCode();
    }

    private void Fill(int blocks) => SomeBlocks.Put(_store.Blocks, blocks, EventTime.From(_clock.GetUtcNow()));

    private async Task<Socket> AskAsync()
    {
        var server = new Uri(_server.App.Urls.First());
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 << 10 };
        await connection.ConnectAsync(server.Host, server.Port);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {Bouncer.Stream} HTTP/1.1\r\nHost: {server.Authority}\r\nX-Api-Key: {_server.AdminKey}\r\n\r\n"));
        return connection;
    }

    /// <summary>Reads some bytes and goes, as a process that dies.</summary>
    private async Task HangUpAsync(int read)
    {
        using var connection = await AskAsync();
        for (var left = read; left > 0;) left -= await connection.ReceiveAsync(new byte[left]);
        // Only what has arrived and was not read makes its system send a reset.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (connection.Available == 0) await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }

    /// <summary>Waits until an answer is counted with one of these outcomes.</summary>
    private async Task SeeAsync(params string[] outcomes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var lines = (await _server.Admin.GetStringAsync("/metrics", patience.Token)).Split('\n').Where(line => line.StartsWith("riskengine_bouncer_answers_total{", StringComparison.Ordinal));
            if (lines.Any(line => line.Contains("\"stream\"", StringComparison.Ordinal) && outcomes.Any(outcome => line.Contains($"\"{outcome}\"", StringComparison.Ordinal)) && line.EndsWith(" 1", StringComparison.Ordinal))) return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
