using System.Text.Json;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Tests.Authentik.Blueprint;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Api;

/// <summary>More ask at once than are answered in full, since the store is slow: lists and blocks answer, and nobody waits.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private const string Blocked = "203.0.113.7";

    private readonly FailingStore _store;
    private readonly InMemoryStateStore _memory = new(new InMemoryStoreSettings(), TimeProvider.System);
    private RunningServer _server = null!;
    private Task<JsonElement> _first = null!;

    public OverloadTests() => _store = new FailingStore(_memory);

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(_store, _memory, pipeline: new PipelineSettings { ConcurrentEvaluations = 1 });
        using (var blocked = await _server.Admin.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = Blocked, duration = "1h", reason = "x" }))) Assert.Equal(201, (int)blocked.StatusCode);
        _store.HoldNextQuestion();
        _first = AskAsync("198.51.100.1");
        await _store.Held.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        _store.Release();
        await _first;
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_asks_meanwhile_is_answered_from_blocks_and_told_so_and_who_asked_first_in_full()
    {
        var (refused, passed) = (await AskAsync(Blocked), await AskAsync("198.51.100.2"));
        Assert.Equal(("block", true), (refused.GetProperty("decision").GetString(), refused.GetProperty("enforced").GetBoolean()));
        Assert.Equal("allow", passed.GetProperty("decision").GetString());
        Assert.All(new[] { refused, passed }, answer => Assert.Contains("overload", Degraded(answer)));
        Assert.False(_first.IsCompleted);
        _store.Release();
        Assert.DoesNotContain("overload", Degraded(await _first.WaitAsync(TimeSpan.FromSeconds(60))));
        Assert.DoesNotContain("overload", Degraded(await AskAsync("198.51.100.2")));
        Assert.Contains("riskengine_evaluate_duration_seconds_count{outcome=\"overload\"} 2", await _server.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [SignInFact]
    public async Task A_login_at_authentik_is_decided_by_that_and_is_no_login_without_an_answer()
    {
        using var made = await _server.Admin.PostAsync("/api/v1/keys", Json.Body(new { name = "asks", scopes = new[] { "evaluate" } }));
        var key = (await Json.ReadAsync(made)).GetProperty("key").GetString()!;
        var url = new Uri(_server.App.Urls.First());
        var logins = await SignIns.RunAsync([SignIns.Person(url, address: Blocked), SignIns.Person(url)], key, "not used");
        Assert.Equal([("denied", "block", 1), ("signed in", "allow", 1)], logins.Select(login => (login.End, login.Action, login.Asked)));
        Assert.All(logins, login => Assert.Empty(login.Exceptions));
    }

    private static IEnumerable<string?> Degraded(JsonElement answer) => answer.GetProperty("degraded").EnumerateArray().Select(fact => fact.GetString());

    private async Task<JsonElement> AskAsync(string address)
    {
        using var answer = await _server.Admin.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null, "login_attempt", address)));
        Assert.Equal(200, (int)answer.StatusCode);
        return await Json.ReadAsync(answer);
    }
}
