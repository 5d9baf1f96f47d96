using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>A webhook beside a poller: what it tells counts once the poll has told it too.</summary>
public sealed class HintTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLoggerFactory _log = new();
    private AuthentikStandIn _authentik = null!;
    private RunningEngine _engine = null!;
    private AuthentikSource _source = null!;

    public async Task InitializeAsync()
    {
        _authentik = await AuthentikStandIn.StartAsync();
        var settings = new RiskEngineSettings
        {
            Store = new StoreSettings { Path = _folder.File("state.db") },
            Sources = new SourceSettings { Authentik = new AuthentikSourceSettings { Url = _authentik.Url, TokenFile = _folder.Write("token", AuthentikStandIn.Token) } },
        };
        _engine = RunningEngine.Start(null, settings, Stores.OpenFile(settings.Store.Path, settings), [], NullLoggerFactory.Instance);
        _source = new AuthentikSource(settings.Sources.Authentik, new OutboundRules(), _engine, _log, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _source.Dispose();
        await _engine.DisposeAsync();
        await _authentik.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_the_webhook_tells_is_no_event_until_the_poll_brings_it()
    {
        await using var app = await ServeAsync();
        await PostAsync(app, Row(1));
        Assert.Null(await FindAsync(1));
        Assert.Equal(1, _engine.Telemetry.Hints!.PendingCount);
        _authentik.Add(Row(1));
        await _source.PollAsync(CancellationToken.None);
        Assert.NotNull(await FindAsync(1));
        Assert.Equal(0, _engine.Telemetry.Hints.PendingCount);
        var scrape = _engine.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_hints_total{outcome=\"confirmed\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik_webhook\"} 0", scrape, StringComparison.Ordinal);
        Assert.Empty(_log.Messages);
    }

    [Fact]
    public async Task What_two_polls_did_not_bring_is_counted_and_told_once()
    {
        await using var app = await ServeAsync();
        _authentik.Add(Row(2));
        await PostAsync(app, Row(1));
        await _source.PollAsync(CancellationToken.None);
        Assert.Empty(_log.Messages);
        await _source.PollAsync(CancellationToken.None);
        await _source.PollAsync(CancellationToken.None);
        Assert.Contains("1 events that a webhook told of", Assert.Single(_log.Messages), StringComparison.Ordinal);
        Assert.Contains("riskengine_hints_total{outcome=\"unconfirmed\"} 1", _engine.Telemetry.Scrape(openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Polls_that_fail_confirm_and_refute_nothing()
    {
        await using var app = await ServeAsync();
        await PostAsync(app, Row(1));
        _authentik.Instead = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 3; i++) await _source.PollAsync(CancellationToken.None);
        Assert.Equal(1, _engine.Telemetry.Hints!.PendingCount);
    }

    [Fact]
    public void A_hint_from_the_future_is_of_now_and_a_line_of_the_log_is_no_hint()
    {
        var batch = new EventBatch();
        var ahead = EventTime.From(TimeProvider.System.GetUtcNow().AddMinutes(9));
        foreach (var id in (string[])["00000001-0000-4000-8000-000000000000", "d-0123456789abcdef0123456789abcdef"])
        {
            ref var e = ref batch.Add(default);
            (e.Id, e.OccurredAt, e.Kind) = (batch.Append(System.Text.Encoding.UTF8.GetBytes(id)), ahead, EventKind.LoginFailed);
        }

        _engine.Telemetry.Hints!.Mark(batch);
        Assert.Equal((true, false), (batch[0].Hint, batch[1].Hint));
        Assert.True(batch[0].OccurredAt < ahead);
        Assert.Equal(ahead, batch[1].OccurredAt);
    }

    private static StandInRow Row(int number) => Polled.Row(number, 0) with { Created = TimeProvider.System.GetUtcNow().AddSeconds(-number) };

    private ValueTask<StoredEvent?> FindAsync(int number) => _engine.Parts.Records.FindEventAsync("default", Row(number).Pk, CancellationToken.None);

    private async Task<Microsoft.AspNetCore.Builder.WebApplication> ServeAsync()
    {
        var settings = new ServerSettings { Url = "http://127.0.0.1:0", AdminKeyFile = _folder.File("admin.key") };
        var app = Server.Build(settings, _engine.Parts, NullLoggerFactory.Instance);
        await Server.StartAsync(app, settings, _engine.Parts, CancellationToken.None);
        return app;
    }

    private async Task PostAsync(Microsoft.AspNetCore.Builder.WebApplication app, StandInRow row)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(_folder.File("admin.key"))).Trim());
        using var sent = await client.PostAsync("/api/v1/events/authentik", Json.Body(AuthentikStandIn.Event(row)));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal(1, (await Json.ReadAsync(sent)).GetProperty("accepted").GetInt32());
    }
}
