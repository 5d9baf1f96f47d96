using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Proxies;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>Challenges that a proxy is answered with, from there to what became of them.</summary>
public sealed class ForwardAuthChallengeTests : ApiTests
{
    private const string Visitor = "203.0.113.7";

    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task However_many_requests_a_browser_makes_it_is_one_challenge_and_a_factor_passes_it()
    {
        PutByRule();
        for (var i = 0; i < 5; i++) await AskAsync("jane", "challenge");
        await AssertAsync(issued: 1, open: 1);
        await TellAsync("challenge_passed", "jane");
        await AskAsync("jane", "allow");
        await AssertAsync(issued: 1, passed: 1);
    }

    [Fact]
    public async Task Who_leaves_is_counted_once_although_his_browser_goes_on_asking_all_day()
    {
        PutByRule();
        for (var hour = 0; hour < 11; hour++)
        {
            await AskAsync("jane", "challenge");
            _clock.Advance(TimeSpan.FromHours(1));
            await TellAsync("logout", "somebody");
        }

        await AssertAsync(issued: 1, abandoned: 1);
    }

    [Fact]
    public async Task Another_block_and_another_person_are_challenges_of_their_own()
    {
        PutByRule();
        await AskAsync("jane", "challenge");
        await AskAsync("omar", "challenge");
        await TellAsync("challenge_passed", "jane");
        _clock.Advance(TimeSpan.FromMinutes(1));
        PutByRule();
        await AskAsync("jane", "challenge");
        await AssertAsync(issued: 3, open: 2, passed: 1);
    }

    [Fact]
    public async Task A_challenge_for_the_use_of_a_session_is_that_of_the_event_which_told_it()
    {
        Server.Parts.Engine.Swap(Some.Engine(Server.Store.Hash, Compiled("mode: enforce\nrules:\n  - { name: ask, when: { subject: ['jane'] }, then: challenge }\n")));
        await PostAsync("/api/v1/events", Session("s1"), 202);
        await AskAsync("jane", "challenge", "s3cret");
        _clock.Advance(TimeSpan.FromHours(1));
        await TellAsync("logout", "somebody");
        await AskAsync("jane", "challenge", "s3cret");
        // It is told of again, by the proxy's own report and by others, and was not passed.
        await PostAsync("/api/v1/events", Session("s2"), 202);
        await AssertAsync(issued: 1, abandoned: 1);
    }

    [Theory, InlineData(1, 1, 0), InlineData(30, 0, 1)]
    public async Task A_session_that_is_to_be_challenged_again_after_its_person_passed_is_a_new_one(int minutes, long passed, long abandoned)
    {
        Server.Parts.Engine.Swap(Some.Engine(Server.Store.Hash, Compiled("mode: enforce\nrules:\n  - { name: ask, when: { subject: ['jane'] }, then: challenge }\n")));
        await PostAsync("/api/v1/events", Session("s1"), 202);
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        await TellAsync("logout", "somebody");
        await TellAsync("challenge_passed", "jane");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await PostAsync("/api/v1/events", Session("s2"), 202);
        await AssertAsync(issued: 2, open: 1, passed, abandoned);
    }

    [Fact]
    public async Task A_refusal_and_a_visitor_without_a_name_are_no_challenge()
    {
        PutByRule();
        await AskAsync("", "block");
        await PostAsync("/api/v1/blocks", new { scope = "subject", value = "mallory", duration = "4h", reason = "x" }, 201);
        await AskAsync("mallory", "block");
        await AssertAsync();
    }

    protected override Task<RunningServer> StartAsync()
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings(), _clock);
        return RunningServer.StartAsync(store, store, clock: _clock, change: settings => ProxyTests.Trusting(settings) with { TrustedProxies = [Networks.Parse("127.0.0.1")] });
    }

    private static CompiledPolicy Compiled(string policy) => Configuration.PolicyReader.Parse(policy, "policy.yaml") is ({ } compiled, { Count: 0 }) ? compiled : throw new InvalidOperationException(policy);

    private void PutByRule()
    {
        var now = EventTime.From(_clock.GetUtcNow());
        var block = new Block { Id = now.UnixMilliseconds, Scope = BlockScope.Ip, Value = Visitor, Reason = "spray", Origin = BlockOrigin.Policy, CreatedAt = now, Until = now + TimeSpan.FromDays(2) };
        Server.Store.Blocks.Put(block, BlockTable.KeyOf(IpAddress.Parse(Visitor)));
    }

    private Dictionary<string, object?> Session(string id)
    {
        var seen = SomeEvent.Login(id, "session_seen", Visitor, "jane");
        (seen["session_id"], seen["occurred_at"]) = ("s3cret", _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        return seen;
    }

    private async Task AskAsync(string subject, string expected, string session = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward-auth?style=nginx") { Headers = { { "X-Forwarded-For", Visitor } } };
        if (subject.Length > 0) request.Headers.Add("X-RiskEngine-Subject", subject);
        if (session.Length > 0) request.Headers.Add("X-RiskEngine-Session", session);
        using var answer = await Server.Nobody.SendAsync(request);
        Assert.Equal(expected, answer.Headers.GetValues("X-RiskEngine-Decision").Single());
    }

    private async Task TellAsync(string kind, string subject)
    {
        var told = SomeEvent.Login($"{kind}-{_clock.GetUtcNow().Ticks}", kind, Visitor, subject);
        told["occurred_at"] = _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        await PostAsync("/api/v1/events", told, 202);
    }

    private async Task AssertAsync(long issued = 0, long open = 0, long passed = 0, long abandoned = 0)
    {
        var report = await GetAsync("/api/v1/challenges");
        long Of(string name) => report.GetProperty(name).GetInt64();
        Assert.Equal((issued, open, passed, abandoned), (Of("issued"), Of("open"), Of("passed"), Of("abandoned")));
    }
}
