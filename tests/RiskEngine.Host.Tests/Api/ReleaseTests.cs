using System.Net;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Api;

/// <summary>Releasing holds: what led to the block is forgotten with it, and what comes afterwards counts.</summary>
public class ReleaseTests : ApiTests
{
    private const string Address = "203.0.113.9", Blocks = "/api/v1/blocks";

    [Fact]
    public async Task Somebody_else_passes_after_a_release_and_a_further_guess_blocks_nobody()
    {
        await GuessAsync("first", 60);
        Assert.Equal("block", await DecideAsync());

        var answer = await ReleaseAsync(await BlockedAsync());
        Assert.InRange(answer.GetProperty("forgotten_failures").GetDouble(), 59, 60);
        Assert.Equal(("ip", Address), (answer.GetProperty("scope").GetString(), answer.GetProperty("value").GetString()));
        Assert.NotEqual("block", await DecideAsync());

        await PostAsync("/api/v1/events", SomeEvent.Login("typo", "login_failed", Address, "somebody"), 202);
        await PostAsync("/api/v1/events", SomeEvent.Login("in", "login", Address, "somebody"), 202);
        Assert.Empty(await StandingAsync());
        Assert.NotEqual("block", await DecideAsync());
    }

    [Fact]
    public async Task Whoever_goes_on_after_a_release_is_blocked_again()
    {
        await GuessAsync("first", 60);
        await ReleaseAsync(await BlockedAsync());
        await GuessAsync("second", 60);
        Assert.Equal("block", await DecideAsync());
    }

    [Fact]
    public async Task The_guesses_at_one_account_are_forgotten_too()
    {
        for (var i = 0; i < 25; i++) await PostAsync("/api/v1/events", SomeEvent.Login($"omar-{i}", "login_failed", Address, "omar"), 202);
        await ReleaseAsync(await BlockedAsync());
        await PostAsync("/api/v1/events", SomeEvent.Login("omar-in", "login", Address, "omar"), 202);
        Assert.Empty(await StandingAsync());
    }

    [Fact]
    public async Task Of_a_spray_of_thousands_the_account_that_was_guessed_at_first_is_forgotten_too()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("at-home", "login", "198.51.100.44", "omar"), 202);
        for (var i = 0; i < 8; i++) await PostAsync("/api/v1/events", SomeEvent.Login($"omar-{i}", "login_failed", Address, "omar"), 202);
        for (var i = 0; i < 12; i++) await GuessAsync($"spray{i}-", 1000);
        Assert.Equal((8, 8), await FailuresOfAsync("omar"));
        var answer = await ReleaseAsync(await BlockedAsync());
        Assert.Equal((0, 0), await FailuresOfAsync("omar"));
        Assert.Equal(0, await FailuresAsync());
        Assert.Equal((12_001, true), (answer.GetProperty("forgotten_accounts").GetInt32(), answer.GetProperty("complete").GetBoolean()));
        Assert.InRange(answer.GetProperty("forgotten_failures").GetDouble(), 11_900, 12_008);
    }

    [Fact]
    public async Task One_person_at_an_address_is_released_however_much_failed_there_since()
    {
        await PostAsync("/api/v1/events", SomeEvent.Login("at-home", "login", "198.51.100.44", "omar"), 202);
        for (var i = 0; i < 8; i++) await PostAsync("/api/v1/events", SomeEvent.Login($"omar-{i}", "login_failed", Address, "omar"), 202);
        for (var i = 0; i < 6; i++) await GuessAsync($"spray{i}-", 1000);
        var block = await PostAsync(Blocks, new { scope = "pair", value = $"omar@{Address}", duration = "4h", reason = "x" }, 201);
        Assert.InRange((await ReleaseAsync(block.GetProperty("id").GetInt64())).GetProperty("forgotten_failures").GetDouble(), 7.9, 8);
        Assert.Equal((0, 0), await FailuresOfAsync("omar"));
        Assert.InRange(await FailuresAsync(), 5_900, 6_000);
    }

    [Fact]
    public async Task The_audit_says_how_much_was_forgotten_and_without_being_asked_the_answer_is_empty()
    {
        await GuessAsync("first", 60);
        using var released = await Admin.DeleteAsync($"{Blocks}/{await BlockedAsync()}");
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        var entry = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("what").GetString() == "block.remove");
        Assert.Matches($"^ip:{Address}, (60|59[.][0-9]+) failures forgotten$", entry.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_block_that_a_person_made_is_released_with_what_was_counted_meanwhile()
    {
        var block = await PostAsync(Blocks, new { scope = "ip", value = Address, duration = "4h", reason = "x" }, 201);
        await GuessAsync("first", 60);
        foreach (var standing in await StandingAsync()) await ReleaseAsync(standing);
        Assert.NotEqual("block", await DecideAsync());
        await ReleaseAsync(block.GetProperty("id").GetInt64(), 404);
    }

    [Theory, InlineData("range", "198.51.100.0/24"), InlineData("range", "198.51.0.0/16"), InlineData("asn", "AS64500"), InlineData("subject", "7"), InlineData("pair", "7@198.51.100.4"), InlineData("range", "2001:db8::/64")]
    public async Task Where_nothing_was_counted_nothing_is_forgotten(string scope, string value)
    {
        var block = await PostAsync(Blocks, new { scope, value, duration = "4h", reason = "x" }, 201);
        Assert.Equal(0, (await ReleaseAsync(block.GetProperty("id").GetInt64())).GetProperty("forgotten_failures").GetDouble());
    }

    [Fact]
    public async Task A_word_that_an_event_was_safe_forgets_what_its_block_was_made_of()
    {
        await GuessAsync("first", 60);
        var standing = Assert.Single((await GetAsync(Blocks)).GetProperty("items").EnumerateArray());
        await PostAsync("/api/v1/feedback", new { event_id = standing.GetProperty("event_id").GetString(), label = "safe", note = "our scanner" }, 204);
        Assert.Empty(await StandingAsync());
        Assert.NotEqual("block", await DecideAsync());
    }

    private async Task GuessAsync(string name, int count)
    {
        var lines = Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(SomeEvent.Login($"{name}-{i}", "login_failed", Address, $"{name}{i}")));
        using var response = await Admin.PostAsync("/api/v1/events", Json.Text(string.Join('\n', lines), "application/x-ndjson"));
        Assert.Equal(count, (await Json.ReadAsync(response)).GetProperty("accepted").GetInt32());
    }

    private async Task<double> FailuresAsync() =>
        (await GetAsync($"/api/v1/ips/{Address}")).GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("part").GetString() == "address").GetProperty("failures").GetDouble();

    /// <summary>Failures of an account that has a profile: from the address, and from anywhere.</summary>
    private async Task<(double There, double Anywhere)> FailuresOfAsync(string subject)
    {
        var id = Encoding.UTF8.GetBytes(subject);
        var view = new StateView();
        var key = StateKeys.Subject(Server.Store.Hash, "default"u8, id, default);
        var pair = view.Pairs.Add(StateKeys.Pair(Server.Store.Hash, key, IpAddress.Parse(Address)));
        var profile = view.Profiles.Add(key);
        await Server.Store.LoadAsync(view, CancellationToken.None);
        return (Math.Round(view.Pairs.Row(pair).Failures.Value), Math.Round(view.Profiles.Profile(profile).Header.Failures.Value));
    }

    private async Task<string?> DecideAsync() =>
        (await PostAsync("/api/v1/evaluate", SomeEvent.Login(null, "login_attempt", Address, "stranger"), 200)).GetProperty("decision").GetString();

    private async Task<List<long>> StandingAsync() => [.. (await GetAsync(Blocks)).GetProperty("items").EnumerateArray().Select(block => block.GetProperty("id").GetInt64())];

    private async Task<long> BlockedAsync() => Assert.Single(await StandingAsync());

    private async Task<JsonElement> ReleaseAsync(long id, int expected = 200)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Blocks}/{id}") { Headers = { { "Prefer", "return=representation" } } };
        using var response = await Admin.SendAsync(request);
        Assert.Equal(expected, (int)response.StatusCode);
        return await Json.ReadAsync(response);
    }
}

/// <summary>The same on the store that keeps its rows on the disk.</summary>
public sealed class SqliteReleaseTests : ReleaseTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<RunningServer> StartAsync()
    {
        var store = Storage.Sqlite.SqliteStateStore.Open(new Storage.Sqlite.SqliteStoreSettings { Path = _folder.File("events.db") }, TimeProvider.System);
        return RunningServer.StartAsync(store, store);
    }
}
