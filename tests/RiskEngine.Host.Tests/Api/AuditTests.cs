using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RiskEngine.Host.Telemetry;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Api;

public sealed class AuditTests : ApiTests
{
    [Fact]
    public async Task Pages_follow_each_other_by_number_and_name_the_head()
    {
        for (var i = 0; i < 5; i++) await PostAsync("/api/v1/blocks", new { scope = "ip", value = $"203.0.113.{i + 1}", duration = "4h", reason = "audit test" }, 201);
        List<long> seen = [];
        string? after = "0";
        JsonElement page = default;
        while (after is not null)
        {
            page = await GetAsync($"/api/v1/audit?limit=2&after={after}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen);
        Assert.True(seen.Count >= 5);
        Assert.Equal(seen[^1], page.GetProperty("head").GetProperty("id").GetInt64());
        Assert.Equal(0, page.GetProperty("anchor").GetProperty("id").GetInt64());
        Assert.Equal(64, page.GetProperty("head").GetProperty("hash").GetString()!.Length);
    }

    [Fact]
    public async Task What_names_a_subject_is_told_in_clear_to_an_administrator_and_to_nobody_else()
    {
        await PostAsync("/api/v1/blocks", new { scope = "subject", value = "jane", duration = "4h", reason = "left the house" }, 201);
        var item = (await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("subject:jane", "left the house", false), (item.GetProperty("target").GetString(), item.GetProperty("detail").GetString(), item.GetProperty("erased").GetBoolean()));
        using var reader = await Server.ClientWithAsync("reader", "decisions:read", "events:write", "evaluate");
        using var refused = await reader.GetAsync("/api/v1/audit");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("after=x")]
    public async Task A_question_that_makes_no_sense_is_refused(string query)
    {
        using var refused = await Admin.GetAsync($"/api/v1/audit?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task The_head_is_logged_as_the_page_tells_it()
    {
        using var lines = new RecordingLoggerFactory();
        await new AuditHeadLog(Server.Records, TimeProvider.System, lines.CreateLogger<AuditHeadLog>()).WriteAsync(CancellationToken.None);
        var head = (await GetAsync("/api/v1/audit")).GetProperty("head");
        Assert.Equal($"The audit ends with record {head.GetProperty("id").GetInt64()}, head {head.GetProperty("hash").GetString()}.", Assert.Single(lines.Messages));
    }

    [Fact]
    public async Task The_head_is_logged_at_the_start_and_every_hour_from_then_on()
    {
        using var lines = new RecordingLoggerFactory();
        var clock = new StruckClock();
        using var log = new AuditHeadLog(Server.Records, clock, lines.CreateLogger<AuditHeadLog>());
        await log.StartAsync(CancellationToken.None);
        for (var hour = 1; hour <= 3; hour++)
        {
            await Telemetry.Otlp.Until.TrueAsync(() => lines.Messages.Count == hour);
            clock.Strike();
        }

        await Telemetry.Otlp.Until.TrueAsync(() => lines.Messages.Count == 4);
        Assert.Equal(TimeSpan.FromHours(1), clock.Period);
        await log.StopAsync(CancellationToken.None);
    }

    /// <summary>A clock with one timer, which fires when a test says so.</summary>
    private sealed class StruckClock : TimeProvider
    {
        private Action _strike = () => { };

        public TimeSpan Period { get; private set; }

        public void Strike() => _strike();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Period, _strike) = (period, () => callback(state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
