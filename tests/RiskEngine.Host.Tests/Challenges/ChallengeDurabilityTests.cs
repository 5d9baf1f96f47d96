using RiskEngine.Configuration;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>What is stored of challenges when an answer is given, by a clock at which nothing happens later.</summary>
public sealed class ChallengeDurabilityTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FailingStore _store = null!;
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings(), _clock);
        _store = new FailingStore(store);
        _server = await RunningServer.StartAsync(_store, store, clock: _clock);
        var (policy, faults) = PolicyReader.Parse("mode: enforce\nrules:\n  - { name: challenge-carol, when: { subject: ['3'] }, then: challenge }\n", "policy.yaml");
        Assert.Empty(faults);
        _server.Parts.Engine.Swap(Some.Engine(store.Hash, policy));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_became_of_a_challenge_is_stored_when_the_event_that_told_it_is_acknowledged()
    {
        await TellAsync(Login("a"));
        Assert.Equal([(ChallengeOutcome.Open, 1)], await StoredAsync(logins: 1));
        await TellAsync(Login("b", "totp"));
        Assert.Equal([(ChallengeOutcome.Passed, 1)], await StoredAsync(logins: 2));
    }

    [Fact]
    public async Task A_question_is_stored_when_it_is_answered_though_nothing_happens_after_it()
    {
        await AskAsync();
        Assert.Equal([(ChallengeOutcome.Open, 1)], await StoredAsync(logins: 0));
    }

    [Fact]
    public async Task A_question_is_stored_when_it_is_answered_also_while_events_wait_for_the_disk()
    {
        _store.Hold();
        var told = _server.Admin.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login("c", subject: "7")));
        await _store.Held;
        await AskAsync();
        Assert.Equal([(ChallengeOutcome.Open, 1)], await StoredAsync(logins: 0));
        _store.Release();
        using var taken = await told;
    }

    [Fact]
    public async Task What_passes_a_challenge_is_not_undone_by_the_question_that_began_it()
    {
        await AskAsync();
        await TellAsync(Login("a", "totp"));
        await AskAsync();
        await TellAsync(Login("b", "totp"));
        Assert.Equal([(ChallengeOutcome.Passed, 2)], await StoredAsync(logins: 2));
    }

    [Theory, InlineData(1, 0), InlineData(0, 3)]
    public async Task What_had_to_be_committed_again_counts_once(int failures, int conflicts)
    {
        await TellAsync(Login("a"));
        _store.FailNextCommits(failures);
        _store.Conflicts = conflicts;
        await TellAsync(Login("b", "totp"));
        Assert.Equal([(ChallengeOutcome.Passed, 1)], await StoredAsync(logins: 2));
        Assert.Contains("riskengine_challenges_total{outcome=\"passed\"} 1", await _server.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_acknowledged_and_comes_again_is_joined_again()
    {
        await TellAsync(Login("a"));
        _store.FailNextCommits(2);
        await TellAsync(503, Login("b", "totp"));
        Assert.Equal([(ChallengeOutcome.Open, 1)], await StoredAsync(logins: 1));
        await TellAsync(Login("b", "totp"));
        Assert.Equal([(ChallengeOutcome.Passed, 1)], await StoredAsync(logins: 2));
    }

    private async Task AskAsync()
    {
        using var answer = await _server.Admin.PostAsync("/api/v1/evaluate", Json.Body(Login(null)));
        Assert.Equal("challenge", (await Json.ReadAsync(answer)).GetProperty("decision").GetString());
    }

    private static Dictionary<string, object?> Login(string? id, params string[] mfa)
    {
        var login = SomeEvent.Login(id, id is null ? "login_attempt" : "login", subject: "3");
        login["mfa"] = mfa;
        return login;
    }

    private Task TellAsync(Dictionary<string, object?> login) => TellAsync(202, login);

    private async Task TellAsync(int expected, Dictionary<string, object?> login)
    {
        using var taken = await _server.Admin.PostAsync("/api/v1/events", Json.Body(login));
        Assert.Equal(expected, (int)taken.StatusCode);
    }

    private async Task<List<(ChallengeOutcome, int)>> StoredAsync(long logins)
    {
        var counts = await _server.Records.Challenges.CountAsync(0, CancellationToken.None);
        Assert.Equal(logins, counts.Logins);
        return [.. counts.Challenges.Select(each => (each.Outcome, (int)each.Count))];
    }
}
