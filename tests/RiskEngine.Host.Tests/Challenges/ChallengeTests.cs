using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Tests.Alerts;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>From an enforced challenge to what became of it, through the interface as callers and sources use it.</summary>
public sealed class ChallengeTests : ApiTests
{
    private readonly ShiftedClock _clock = new();

    [Fact]
    public async Task One_that_was_asked_for_and_passed_is_joined_by_the_request_and_counted_once()
    {
        await AskAsync("r1");
        await AskAsync("r1");
        await TellAsync(Login("e1", "r1", "198.51.100.7", "totp"));
        await AssertAsync(issued: 1, passed: 1, asked: 1, logins: 1);
        Assert.Contains("riskengine_challenges_total{outcome=\"issued\"} 1", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains("riskengine_challenges_total{outcome=\"passed\"} 1", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_questions_of_one_login_are_one_challenge_and_a_factor_from_the_same_place_passes_it_without_the_request()
    {
        await AskAsync("r1");
        await AskAsync("r2");
        await TellAsync(Event("c1", "challenge_passed"));
        await AssertAsync(issued: 1, passed: 1, asked: 1);
    }

    [Fact]
    public async Task A_factor_that_failed_before_one_was_right_is_a_challenge_passed()
    {
        await AskAsync("r1");
        await TellAsync(Event("m1", "mfa_failed"), Event("m2", "mfa_failed"), Event("c1", "challenge_passed"));
        await AssertAsync(issued: 1, passed: 1, asked: 1);
    }

    [Fact]
    public async Task Without_a_factor_in_time_it_has_failed_where_one_was_wrong_and_is_abandoned_where_none_was_tried()
    {
        await AskAsync("r1");
        await AskAsync("r2", "81.2.69.161");
        await TellAsync(Event("m1", "challenge_failed"));
        await AssertAsync(issued: 2, open: 2, asked: 2);

        _clock.Advance(ChallengeLedger.Patience - TimeSpan.FromMinutes(1));
        await TellAsync(Event("l1", "logout", subject: "7"));
        await AssertAsync(issued: 2, open: 2, asked: 2);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await AssertAsync(issued: 2, open: 2, asked: 2);
        await TellAsync(Event("l2", "logout", subject: "7"));
        await AssertAsync(issued: 2, failed: 1, abandoned: 1, asked: 2);
    }

    [Fact]
    public async Task One_seen_only_in_events_begins_with_the_login_that_got_in_without_a_factor()
    {
        await TellAsync(Event("e1", "login"));
        await AssertAsync(issued: 1, open: 1, seen: 1, logins: 1);
        await TellAsync(Event("c1", "challenge_passed"));
        await AssertAsync(issued: 1, passed: 1, seen: 1, logins: 1);
    }

    [Fact]
    public async Task Who_brings_a_factor_unasked_who_only_guesses_and_who_is_only_watched_was_not_challenged()
    {
        await TellAsync(Login("e1", null, "81.2.69.160", "totp"), Event("e2", "login_failed"), Event("e3", "mfa_failed"));
        Use(Policy.Replace("enforce", "monitor", StringComparison.Ordinal));
        await AskAsync("r1");
        await TellAsync(Event("e4", "login"));
        await AssertAsync(logins: 2);
    }

    [Fact]
    public async Task A_probe_and_a_question_about_somebody_whom_nothing_speaks_against_are_none()
    {
        var probe = Event(null, "login_attempt");
        probe["probe"] = true;
        await PostAsync("/api/v1/evaluate", probe, 200);
        await PostAsync("/api/v1/evaluate", Event(null, "login_attempt", subject: "7"), 200);
        await AssertAsync();
    }

    [Fact]
    public async Task The_rate_counts_what_was_passed_and_not_called_compromised_among_honest_logins_and_says_what_it_does_not_know()
    {
        for (var i = 0; i < 4; i++) await TellAsync(Event($"honest{i}", "login", subject: $"{100 + i}"));
        await AskAsync("r1");
        await TellAsync(Login("e1", "r1", "81.2.69.160", "totp"));
        await AskAsync("r2");
        await TellAsync(Login("e2", "r2", "81.2.69.160", "totp"));
        await AskAsync("r3");
        await PostAsync("/api/v1/feedback", new { event_id = "e2", label = "compromised" }, 204);
        _clock.Advance(ChallengeLedger.Patience + TimeSpan.FromMinutes(1));
        await TellAsync(Event("l2", "logout", subject: "7"));

        // Six logins, one of them an attacker's: one false challenge of five, or two of six if who gave up was honest.
        var report = await AssertAsync(issued: 3, passed: 2, abandoned: 1, asked: 3, logins: 6);
        Assert.Equal((5, 1, 1), (report.HonestLogins, report.FalseChallenges, report.LabelledCompromised));
        Assert.Equal((0.2, 0.333333), (report.FalseChallengeRate!.Value, report.FalseChallengeRateAtMost!.Value));

        await PostAsync("/api/v1/feedback", new { event_id = "e2", label = "safe" }, 204);
        Assert.Equal((6, 2, 1), await ReadAsync() is var after ? (after.HonestLogins, after.FalseChallenges, after.LabelledSafe) : default);
    }

    [Fact]
    public async Task An_erased_person_leaves_counts_and_what_was_open_of_him_is_passed_by_nobody()
    {
        await AskAsync("r1");
        await TellAsync(Event("e0", "login", subject: "3", ip: "198.51.100.1"));
        using (var erased = await Admin.DeleteAsync("/api/v1/subjects/3")) Assert.True(erased.IsSuccessStatusCode);
        await TellAsync(Login("e1", "r1", "81.2.69.160", "totp"));
        var report = await ReadAsync();
        Assert.Equal((2, 0), (report.Issued, report.Passed));
    }

    [Theory, InlineData(0), InlineData(401)]
    public async Task Days_out_of_range_are_refused(int days)
    {
        using var refused = await Admin.GetAsync($"/api/v1/challenges?days={days}");
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Fact]
    public async Task What_is_open_and_what_was_counted_outlive_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("riskengine-test-");
        try
        {
            var settings = new SqliteStoreSettings { Path = Path.Combine(folder.FullName, "store.db") };
            var first = SqliteStateStore.Open(settings, TimeProvider.System);
            string key;
            await using (var server = await RunningServer.StartAsync(first, first))
            {
                Use(Policy, server);
                await AskAsync("r1", on: server);
                await TellOnAsync(server, Event("e1", "login", subject: "7"));
                key = server.AdminKey;
            }

            var second = SqliteStateStore.Open(settings, TimeProvider.System);
            await using var again = await RunningServer.StartAsync(second, second);
            Use(Policy, again);
            using var admin = again.Client(key);
            using (var taken = await admin.PostAsync("/api/v1/events", Json.Body(Login("e2", "r1", "198.51.100.9", "totp")))) Assert.Equal(202, (int)taken.StatusCode);
            var report = await ReadAsync(admin);
            Assert.Equal((1, 1, 0, 2), (report.Issued, report.Passed, report.Open, report.Logins));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Too_many_at_once_are_counted_and_not_followed()
    {
        var now = EventTime.From(_clock.GetUtcNow());
        Server.Parts.Telemetry.ChallengeLedger.Restore(Enumerable.Range(0, ChallengeLedger.Capacity).Select(i => new Challenge { Id = i, IssuedAt = now, Origin = ChallengeOrigin.Asked }));
        await AskAsync("r1");
        await AssertAsync();
        Assert.Contains("riskengine_challenges_untracked_total 1", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    protected override async Task<RunningServer> StartAsync()
    {
        var store = new InMemoryStateStore(new InMemoryStoreSettings { HashKey = "a key for testing"u8[..16].ToArray() }, _clock);
        var server = await RunningServer.StartAsync(store, store, clock: _clock);
        Use(Policy, server);
        return server;
    }

    private const string Policy = """
        mode: enforce
        rules:
          - name: challenge-carol
            when: { subject: ["3"] }
            then: challenge
        """;

    private void Use(string policy, RunningServer? server = null)
    {
        var (compiled, faults) = PolicyReader.Parse(policy, "policy.yaml");
        Assert.Empty(faults);
        (server ?? Server).Parts.Engine.Swap(Some.Engine((server ?? Server).Store.Hash, compiled));
    }

    private Dictionary<string, object?> Event(string? id, string kind, string subject = "3", string ip = "81.2.69.160")
    {
        var login = SomeEvent.Login(id, kind, ip, subject);
        login["occurred_at"] = _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return login;
    }

    private Dictionary<string, object?> Login(string id, string? request, string ip, string factor)
    {
        var login = Event(id, "login", ip: ip);
        (login["request_id"], login["mfa"]) = (request, new[] { factor });
        return login;
    }

    private async Task AskAsync(string request, string ip = "81.2.69.160", RunningServer? on = null)
    {
        var question = Event(null, "login_attempt", ip: ip);
        question["request_id"] = request;
        using var answer = await (on ?? Server).Admin.PostAsync("/api/v1/evaluate", Json.Body(question));
        Assert.Equal("challenge", (await Json.ReadAsync(answer)).GetProperty("decision").GetString());
    }

    private Task TellAsync(params Dictionary<string, object?>[] events) => TellOnAsync(Server, events);

    private static async Task TellOnAsync(RunningServer server, params Dictionary<string, object?>[] events)
    {
        using var taken = await server.Admin.PostAsync("/api/v1/events", Json.Body(events));
        Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
    }

    private async Task<ChallengeReport> AssertAsync(long issued = 0, long open = 0, long passed = 0, long failed = 0, long abandoned = 0, long asked = 0, long seen = 0, long logins = 0)
    {
        var report = await ReadAsync();
        Assert.Equal((issued, open, passed, failed, abandoned, asked, seen, logins), (report.Issued, report.Open, report.Passed, report.Failed, report.Abandoned, report.Asked, report.Seen, report.Logins));
        return report;
    }

    private async Task<ChallengeReport> ReadAsync(HttpClient? admin = null) =>
        JsonSerializer.Deserialize(await (admin ?? Admin).GetStringAsync("/api/v1/challenges"), RiskEngine.Host.Api.ApiJson.Default.ChallengeReport)!;
}
