using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>Challenges that one program asked for, and of which another hears what became of them.</summary>
public sealed class SharedChallengeTests : IDisposable
{
    private const string Visitor = "203.0.113.7";

    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddHours(-3);

    private readonly TemporaryFolder _folder = new();
    private int _events;

    public void Dispose() => _folder.Dispose();

    [LinuxFact("psql", "redis-server")]
    public async Task What_was_passed_at_another_program_is_passed_and_nobody_gives_it_up_later()
    {
        await using var programs = await StartAsync();
        var (first, second) = (programs.First, programs.Second);
        await AskAsync(first, "r1");
        await AskAsync(second, "r2");
        await KnownAsync(second, 2);
        await TellAsync(second, "challenge_passed", 1, "r1");
        await KnownAsync(first, 2);
        // Both programs hear of a time at which what is open is given up.
        await TellAsync(first, "logout", 20);
        await TellAsync(second, "logout", 20);
        await TestServer.UntilAsync(async () => await CountAsync(first, "open") == 0, "the end of both");
        Assert.Equal((2, 1, 1), (await CountAsync(first, "issued"), await CountAsync(first, "passed"), await CountAsync(first, "abandoned")));
        Assert.Equal((1, 1), (await MetricAsync(first, "passed") + await MetricAsync(second, "passed"), await MetricAsync(first, "abandoned") + await MetricAsync(second, "abandoned")));
    }

    [LinuxFact("psql", "redis-server")]
    public async Task Who_passed_before_the_other_program_knew_of_the_challenge_has_passed()
    {
        await using var programs = await StartAsync();
        await AskAsync(programs.First, "r1");
        await TellAsync(programs.Second, "challenge_passed", 1, "r1");
        await TestServer.UntilAsync(async () => await CountAsync(programs.First, "passed") == 1, "the pass");
    }

    [LinuxFact("psql", "redis-server")]
    public async Task What_a_killed_program_asked_for_is_given_up_by_another_in_time()
    {
        await using var programs = await StartAsync();
        var (first, second) = (programs.First, programs.Second);
        await AskAsync(first, "r1");
        await KnownAsync(second, 1);
        await programs.One.KillAsync();
        await TellAsync(second, "logout", 20);
        Assert.Equal(1, await CountAsync(second, "open"));
        // Who leads ends what others have left behind.
        await TestServer.UntilAsync(async () => (await second.GetStringAsync("/metrics")).Contains("riskengine_leads{duty=\"deliver\"} 1", StringComparison.Ordinal), "the other one leads");
        await TellAsync(second, "logout", 60);
        await TestServer.UntilAsync(async () => await CountAsync(second, "abandoned") == 1, "the end of it");
    }

    [LinuxFact("psql", "redis-server")]
    public async Task A_proxy_is_told_the_same_of_a_session_by_every_program_before_and_after_its_person_passed()
    {
        await using var programs = await StartAsync();
        var (first, second) = (programs.First, programs.Second);
        await TellAsync(first, "session_seen", Minute(DateTimeOffset.UtcNow));
        await ProxyAsync(first, "challenge");
        await ProxyAsync(second, "challenge");
        await using var later = await ServedProgram.StartAsync(_folder.FullName);
        using var third = later.Client();
        await ProxyAsync(third, "challenge");
        // Each program tells by itself that it saw the session in use; once that is judged the person passes.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await TellAsync(second, "challenge_passed", Minute(DateTimeOffset.UtcNow));
        foreach (var client in new[] { second, first, third }) await ProxyAsync(client, "allow");
    }

    private Task<TwoPrograms> StartAsync()
    {
        _folder.Write("policy.yaml", "mode: enforce\nrules:\n  - { name: ask, when: { subject: ['jane'] }, then: challenge }\n");
        return TwoPrograms.StartAsync(
            _folder,
            """
            policy: { file: policy.yaml }
            http: { trusted_proxies: ["127.0.0.1"] }
            forward_auth: { subject_header: X-RiskEngine-Subject, session_header: X-RiskEngine-Session }
            """);
    }

    private static double Minute(DateTimeOffset at) => (at - Start).TotalMinutes;

    private Dictionary<string, object?> Event(string kind, double minute, string? request)
    {
        var told = SomeEvent.Login($"{kind}-{_events++}", kind, Visitor, kind == "logout" ? "somebody" : "jane");
        told["occurred_at"] = Start.AddMinutes(minute).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (request is not null) told["request_id"] = request;
        if (kind == "session_seen") told["session_id"] = "s3cret";
        return told;
    }

    /// <summary>Somebody is to be challenged. Each time from an address of its own, so that these are several.</summary>
    private async Task AskAsync(HttpClient client, string request)
    {
        var asked = Event("login_attempt", 0, request);
        asked["source_ip"] = $"198.51.100.{_events}";
        using var answer = await client.PostAsJsonAsync("/api/v1/evaluate", asked);
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("challenge", true), (told.GetProperty("decision").GetString(), told.GetProperty("enforced").GetBoolean()));
    }

    private async Task TellAsync(HttpClient client, string kind, double minute, string? request = null)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/events", Event(kind, minute, request));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the program has had time to hear of what is stored.</summary>
    private static async Task KnownAsync(HttpClient client, int issued)
    {
        await TestServer.UntilAsync(async () => await CountAsync(client, "issued") == issued, "the challenges in the store");
        await Task.Delay(TimeSpan.FromSeconds(4));
    }

    /// <summary>Asks as a proxy does, until the answer is that; a program hears of others within seconds.</summary>
    private static Task ProxyAsync(HttpClient client, string expected) => TestServer.UntilAsync(
        async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/forward-auth?style=nginx") { Headers = { { "X-Forwarded-For", Visitor }, { "X-RiskEngine-Subject", "jane" }, { "X-RiskEngine-Session", "s3cret" } } };
            using var answer = await client.SendAsync(request);
            return answer.Headers.GetValues("X-RiskEngine-Decision").Single() == expected;
        },
        $"'{expected}' for the proxy");

    private static async Task<long> CountAsync(HttpClient client, string name) => (await client.GetFromJsonAsync<JsonElement>("/api/v1/challenges")).GetProperty(name).GetInt64();

    private static async Task<long> MetricAsync(HttpClient client, string outcome)
    {
        var line = (await client.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith($"riskengine_challenges_total{{outcome=\"{outcome}\"}}", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }
}
