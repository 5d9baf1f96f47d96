using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Authentik;
using RiskEngine.Host.Tests.Logging;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Monitoring;

/// <summary>The built program with a source of every kind, a feed, a database and a responder, so that every metric it has shows a series.</summary>
internal sealed class WholeProgram : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private AuthentikStandIn? _authentik;
    private LokiStandIn? _loki;
    private ServedProgram? _server;
    private HttpClient? _client;
    private int _pulses;

    public Uri Address => _server!.Address;

    public HttpClient Client => _client!;

    /// <summary>Gets where its lines, its audit and its assessments go.</summary>
    public LokiStandIn Loki => _loki!;

    public static async Task<WholeProgram> StartAsync()
    {
        var made = new WholeProgram();
        try
        {
            await made.BeginAsync();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it wrote to its log, one object a line.</summary>
    public string Log() => _server!.Log();

    public Task<string> MetricsAsync() => Client.GetStringAsync("/metrics");

    /// <summary>Waits until authentik was polled, and what waits there is known.</summary>
    public async Task PolledAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await MetricsAsync()).Contains("\nriskengine_source_lag_events{", StringComparison.Ordinal)) await Task.Delay(100, patience.Token);
    }

    /// <summary>A simulated day of yesterday with a spray and a takeover in it.</summary>
    public async Task LoadYesterdayAsync()
    {
        var yesterday = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd");
        var day = await Cli.Program.RunAsync("simulate", "--users", "100", "--days", "1", "--seed", "5", "--attacks", "spray,takeover", "--start", yesterday);
        await SendAsync("/api/v1/events", day.Output, "application/x-ndjson", 202);
    }

    /// <summary>A little of everything that can happen: logins of all outcomes, challenges, questions, blocks, feedback, faults, refused callers.</summary>
    public async Task PulseAsync()
    {
        var id = $"pulse-{_pulses++}";
        Dictionary<string, object?>[] events =
        [
            With(SomeEvent.Login($"{id}-1"), "grafana", "password"), With(SomeEvent.Login($"{id}-2", "login_failed", "203.0.113.9", $"n{_pulses}"), "grafana", "password"),
            With(SomeEvent.Login($"{id}-3", "mfa_failed"), "mail", "totp"), SomeEvent.Login($"{id}-4", "login_attempt"), SomeEvent.Login($"{id}-5", "challenge_passed"),
            SomeEvent.Login($"{id}-6", "challenge_failed"), SomeEvent.Login($"{id}-7", "suspicious_request"), SomeEvent.Login($"{id}-1"),
        ];
        await PostAsync("/api/v1/events", events, 202);
        await SendAsync("/api/v1/events", SomeEvent.Spray($"198.51.100.{_pulses}", 40), "application/x-ndjson", 202);
        await PostAsync("/api/v1/events", new { kind = "login" }, 400);
        for (var question = 0; question < 3; question++) await PostAsync("/api/v1/evaluate", SomeEvent.Login(null), 200);
        await PostAsync("/api/v1/blocks", new { scope = "ip", value = $"203.0.113.{100 + _pulses}", duration = "1h", reason = "a test" }, 201);
        await PostAsync("/api/v1/feedback", new { event_id = $"{id}-1", label = "safe" }, 204);
        await PostAsync("/api/v1/feedback", new { event_id = $"{id}-2", label = "compromised" }, 204);
        await ChallengeAsync(id);
        using var forwarded = await Client.GetAsync("/forward-auth");
        Assert.Equal(204, (int)forwarded.StatusCode);
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        using var refused = await stranger.GetAsync("/api/v1/blocks");
        Assert.Equal(401, (int)refused.StatusCode);
    }

    /// <summary>Somebody of whom an event was called compromised is asked for a factor, and gives it.</summary>
    private async Task ChallengeAsync(string id)
    {
        var login = SomeEvent.Login(null, "login_attempt", "203.0.113.9", $"n{_pulses}");
        login["request_id"] = id;
        await PostAsync("/api/v1/evaluate", login, 200);
        (login["id"], login["kind"]) = ($"{id}-8", "challenge_passed");
        await PostAsync("/api/v1/events", login, 202);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        if (_authentik is not null) await _authentik.DisposeAsync();
        if (_loki is not null) await _loki.DisposeAsync();
        _folder.Dispose();
    }

    private async Task BeginAsync()
    {
        _authentik = await AuthentikStandIn.StartAsync();
        _authentik.IsSessionReader = false;
        _loki = await LokiStandIn.StartAsync();
        _folder.Write("token", AuthentikStandIn.Token);
        _folder.Write("tor.txt", "192.0.2.1\n");
        _folder.Write("lapi.txt", "192.0.2.2\n");
        _folder.Write("asn.csv", "203.0.113.0,203.0.113.255,64500,Example\n");
        _folder.Write("secret", new string('s', 40));
        _folder.Write("riskengine.yaml", $$"""
            webhooks: [{ name: soc, url: 'http://127.0.0.1:9/', secret_file: secret, dry_run: true }]
            otlp: { endpoint: 'http://127.0.0.1:9/', interval: 1s, sampling: 1 }
            policy: { mode: enforce }
            loki: { url: '{{_loki.Url.GetLeftPart(UriPartial.Authority)}}', period: 100ms, labels: { instance: a } }
            geo: { asn: [asn.csv] }
            feeds:
              - { name: tor, path: tor.txt, group: tor }
              - { name: lapi, path: lapi.txt, group: reputation, crowdsec: { url: 'http://127.0.0.1:9/', key_file: secret } }
            sources:
              authentik: { url: '{{_authentik.Url.GetLeftPart(UriPartial.Authority)}}', token_file: token, poll_seconds: 1 }
              syslog: [{ name: vpn, protocol: udp, port: 0, format: sshd }]
            """);
        _server = await ServedProgram.StartAsync(_folder.FullName);
        _client = _server.Client();
    }

    private static Dictionary<string, object?> With(Dictionary<string, object?> login, string application, string method)
    {
        (login["application"], login["auth_method"]) = (application, method);
        return login;
    }

    private async Task PostAsync(string path, object body, int expected)
    {
        using var answer = await Client.PostAsync(path, Json.Body(body));
        await AssertAsync(answer, expected);
    }

    private async Task SendAsync(string path, string text, string mediaType, int expected)
    {
        using var answer = await Client.PostAsync(path, Json.Text(text, mediaType));
        await AssertAsync(answer, expected);
    }

    private static async Task AssertAsync(HttpResponseMessage answer, int expected) =>
        Assert.True((int)answer.StatusCode == expected, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
}
