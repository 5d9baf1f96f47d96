using System.Diagnostics;
using System.Text.Json;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Sqlite;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Api;

/// <summary>Releasing an address from which more was guessed than anybody wants to wait for, on the store that keeps its rows on the disk.</summary>
public sealed class LargeReleaseTests(ITestOutputHelper output) : ApiTests, IDisposable
{
    private const string Address = "203.0.113.9";

    private readonly TemporaryFolder _folder = new();
    private readonly HurriedClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hundred_thousand_guesses_at_as_many_names_are_forgotten_while_others_sign_in()
    {
        await GuessAsync(100_000);
        var block = await BlockedAsync();
        var started = Stopwatch.GetTimestamp();
        var released = ReleaseAsync(block);
        var (logins, slowest) = (0, TimeSpan.Zero);
        while (!released.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            await PostAsync("/api/v1/events", SomeEvent.Login($"in-{logins}", "login", "198.51.100.44", $"{logins++ % 50}"), 202);
            if (Stopwatch.GetElapsedTime(began) > slowest) slowest = Stopwatch.GetElapsedTime(began);
        }

        var answer = await released;
        output.WriteLine($"released in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; {logins} logins were stored meanwhile, the slowest in {slowest.TotalMilliseconds:F0} ms: {answer}");
        Assert.Equal((100_000, true), (answer.GetProperty("forgotten_accounts").GetInt32(), answer.GetProperty("complete").GetBoolean()));
        Assert.NotEqual("block", (await PostAsync("/api/v1/evaluate", SomeEvent.Login(null, "login_attempt", Address, "n0"), 200)).GetProperty("decision").GetString());
        Assert.True(logins > 0);
    }

    [Fact]
    public async Task Where_it_would_take_too_long_it_ends_early_and_the_answer_and_the_audit_say_how_far_it_went()
    {
        await GuessAsync(5_000);
        var block = await BlockedAsync();
        _clock.Hurries = true;
        var answer = await ReleaseAsync(block);
        _clock.Hurries = false;
        Assert.False(answer.GetProperty("complete").GetBoolean());
        Assert.InRange(answer.GetProperty("forgotten_accounts").GetInt32(), 1, 4_999);
        Assert.InRange(answer.GetProperty("forgotten_failures").GetDouble(), 4_900, 5_000);
        var entry = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("what").GetString() == "block.remove");
        Assert.Matches($"^ip:{Address}, [0-9.]+ failures forgotten, of accounts that failed before [0-9-]+T[0-9:]+Z none$", entry.GetProperty("detail").GetString()!);
        Assert.Empty((await GetAsync("/api/v1/blocks")).GetProperty("items").EnumerateArray());
    }

    protected override Task<RunningServer> StartAsync()
    {
        var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _folder.File("events.db") }, TimeProvider.System);
        return RunningServer.StartAsync(store, store, clock: _clock);
    }

    private async Task GuessAsync(int count)
    {
        foreach (var slice in Enumerable.Range(0, count).Chunk(5_000))
        {
            var lines = slice.Select(i => JsonSerializer.Serialize(SomeEvent.Login($"guess-{i}", "login_failed", Address, $"n{i}")));
            using var response = await Admin.PostAsync("/api/v1/events", Json.Text(string.Join('\n', lines), "application/x-ndjson"));
            Assert.Equal(slice.Length, (await Json.ReadAsync(response)).GetProperty("accepted").GetInt32());
        }
    }

    private async Task<long> BlockedAsync() => Assert.Single((await GetAsync("/api/v1/blocks")).GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64();

    private async Task<JsonElement> ReleaseAsync(long id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/blocks/{id}") { Headers = { { "Prefer", "return=representation" } } };
        using var response = await Admin.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await Json.ReadAsync(response);
    }

    /// <summary>A clock by which, where a test says so, eight seconds pass between any two looks at it.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _jumps;

        public bool Hurries { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + ((Hurries ? Interlocked.Increment(ref _jumps) : Interlocked.Read(ref _jumps)) * 8 * TimestampFrequency);
    }
}
