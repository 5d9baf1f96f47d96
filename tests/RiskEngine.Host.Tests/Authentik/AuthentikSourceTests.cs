using RiskEngine.Collectors.Authentik;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>The poller within the real engine, on the real store.</summary>
public sealed class AuthentikSourceTests : IAsyncDisposable
{
    private readonly PolledAuthentik _polled = new();

    [Fact]
    public async Task The_cursor_is_stored_with_the_rows_and_a_restart_goes_on_there()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Add(Row(1, 3000), Row(2, 5));
        await using (var engine = _polled.Open())
        {
            await PollAsync(engine);
            Assert.Contains(Row(2, 0).Pk, await engine.Parts.Records.ReadCursorAsync("authentik", CancellationToken.None), StringComparison.Ordinal);
            Assert.NotNull(await engine.Parts.Records.FindEventAsync("default", Row(1, 0).Pk, CancellationToken.None));
        }

        authentik.Requests.Clear();
        authentik.Add(Row(3, 1));
        await using var again = _polled.Open();
        await PollAsync(again);
        Assert.NotNull(await again.Parts.Records.FindEventAsync("default", Row(3, 0).Pk, CancellationToken.None));
        var scrape = again.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_duplicate_total{source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_polls_total{outcome=\"ok\",source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_lag_events{source=\"authentik\"} 0", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_last_success_timestamp_seconds{source=\"authentik\"}", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_counted_each_time_and_logged_once_without_the_token()
    {
        var authentik = await _polled.StandInAsync();
        _polled.WriteToken("a-wrong-token-of-nobody\n");
        using var log = new RecordingLoggerFactory();
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine, log);
        Assert.Equal(TimeSpan.FromSeconds(60), await source.PollAsync(CancellationToken.None));
        Assert.Equal(TimeSpan.FromSeconds(120), await source.PollAsync(CancellationToken.None));
        var told = Assert.Single(log.Messages);
        Assert.Contains("401", told, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-token", told, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_polls_total{outcome=\"unauthorized\",source=\"authentik\"} 2", engine.Telemetry.Scrape(openMetrics: false), StringComparison.Ordinal);
        _polled.WriteToken(AuthentikStandIn.Token);
        Assert.Equal(TimeSpan.FromSeconds(30), await source.PollAsync(CancellationToken.None));
        Assert.Equal(2, log.Messages.Count);
    }

    [Fact]
    public async Task A_row_ahead_of_the_clock_keeps_the_pace_and_is_counted_and_logged_once()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Add(Row(1, 5), Row(2, -3600));
        using var log = new RecordingLoggerFactory();
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine, log);
        for (var i = 0; i < 3; i++) Assert.Equal(TimeSpan.FromSeconds(30), await source.PollAsync(CancellationToken.None));
        Assert.Contains("1 rows are dated more than 10 minutes ahead", Assert.Single(log.Messages), StringComparison.Ordinal);
        var scrape = engine.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_source_polls_total{outcome=\"ok\",source=\"authentik\"} 3", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_rows_ahead_total{source=\"authentik\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_last_success_timestamp_seconds{source=\"authentik\"}", scrape, StringComparison.Ordinal);
        Assert.NotNull(await engine.Parts.Records.FindEventAsync("default", Row(1, 0).Pk, CancellationToken.None));
        Assert.Null(await engine.Parts.Records.FindEventAsync("default", Row(2, 0).Pk, CancellationToken.None));
    }

    [Fact]
    public async Task Sessions_that_may_not_be_read_do_not_hold_up_events()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Add(Row(1, 5));
        authentik.IsSessionReader = false;
        await using var engine = _polled.Open();
        using var log = new RecordingLoggerFactory();
        using var source = _polled.Source(engine, log);
        Assert.Equal(TimeSpan.FromSeconds(60), await source.PollSessionsAsync(CancellationToken.None));
        Assert.Equal(TimeSpan.FromSeconds(30), await source.PollAsync(CancellationToken.None));
        Assert.Contains("view_authenticatedsession", Assert.Single(log.Messages), StringComparison.Ordinal);
        Assert.NotNull(await engine.Parts.Records.FindEventAsync("default", Row(1, 0).Pk, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_was_told_before_a_restart_is_a_repeat()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Sessions.Add(new StandInSession("5e55", 42, TimeProvider.System.GetUtcNow().AddSeconds(-20), "203.0.113.7"));
        await using var engine = _polled.Open();
        for (var process = 0; process < 2; process++)
        {
            using var source = _polled.Source(engine);
            await source.PollSessionsAsync(CancellationToken.None);
        }

        var scrape = engine.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_events_total{kind=\"session_seen\",source=\"authentik_sessions\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_duplicate_total{source=\"authentik_sessions\"} 1", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_there_is_no_source() => Assert.Empty(AuthentikSource.LabelsOf(new RiskEngineSettings()));

    public ValueTask DisposeAsync() => _polled.DisposeAsync();

    [Fact]
    public async Task A_poll_that_breaks_off_is_counted_each_time_too_and_logged_once()
    {
        await _polled.StandInAsync();
        using var log = new RecordingLoggerFactory();
        await using var engine = _polled.Open();
        var source = new PolledSource("authentik", new PollPace(TimeSpan.FromSeconds(30)), (_, _) => throw new InvalidOperationException("Nobody thought of this."), engine, log, TimeProvider.System);
        Assert.Equal(TimeSpan.FromSeconds(60), await source.PollAsync(CancellationToken.None));
        Assert.Equal(TimeSpan.FromSeconds(120), await source.PollAsync(CancellationToken.None));
        Assert.Contains("broke off", Assert.Single(log.Messages), StringComparison.Ordinal);
        Assert.Contains("riskengine_source_polls_total{outcome=\"broken_off\",source=\"authentik\"} 2", engine.Telemetry.Scrape(openMetrics: false), StringComparison.Ordinal);
    }

    private static StandInRow Row(int number, double secondsAgo) => Polled.Row(number, 0) with { Created = TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo) };

    private async Task PollAsync(RunningEngine engine)
    {
        using var source = _polled.Source(engine);
        await source.PollAsync(CancellationToken.None);
    }
}
