using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Authentik;
using RiskEngine.Host.Tests.Telemetry.Otlp;

namespace RiskEngine.Host.Tests.Telemetry.Traces;

/// <summary>The spans of what nobody posts: polls, and visitors of whom a proxy asks.</summary>
public sealed class SourceSpanTests
{
    [Fact]
    public async Task From_a_poll_to_the_batch_it_is_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var polled = new PolledAuthentik();
        var authentik = await polled.StandInAsync();
        authentik.Add(Polled.Row(1, 0) with { Created = TimeProvider.System.GetUtcNow().AddSeconds(-5) });
        await using (var engine = polled.Open(receiver.Endpoint))
        {
            using var source = polled.Source(engine);
            await source.PollAsync(CancellationToken.None);
        }

        var poll = Assert.Single(receiver.Spans, span => span.Name == "poll");
        Assert.Equal(("", "authentik", "ok"), (poll.Parent, poll.Attributes["riskengine.source"], poll.Attributes["riskengine.outcome"]));
        var submit = Assert.Single(receiver.Spans, span => span.Name == "submit");
        Assert.Equal((poll.Trace, poll.Id, "1"), (submit.Trace, submit.Parent, submit.Attributes["riskengine.events"]));
        Assert.Equal((poll.Trace, submit.Id), Assert.Single(receiver.Spans, span => span.Name == "batch") is var batch ? (batch.Trace, batch.Parent) : default);
    }

    [Fact]
    public async Task A_poll_that_fails_is_an_error_and_says_why()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var polled = new PolledAuthentik();
        await polled.StandInAsync();
        polled.WriteToken("a-wrong-token");
        await using (var engine = polled.Open(receiver.Endpoint))
        {
            using var source = polled.Source(engine);
            await source.PollAsync(CancellationToken.None);
        }

        var poll = Assert.Single(receiver.Spans);
        Assert.Equal(("poll", "unauthorized", 2), (poll.Name, poll.Attributes["riskengine.outcome"], poll.Status));
    }

    [Fact]
    public async Task A_visitors_trace_is_not_taken_up_since_nobody_proved_the_visitor()
    {
        const string Visitors = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var server = await RunningServer.StartAsync(telemetry: receiver.Pushed()))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/forward-auth");
            request.Headers.Add("traceparent", $"00-{Visitors}-00f067aa0ba902b7-01");
            using var answer = await server.Admin.SendAsync(request);
        }

        var span = Assert.Single(receiver.Spans, span => span.Name == "GET /forward-auth");
        Assert.NotEqual(Visitors, span.Trace);
        Assert.Equal(("", "allow", "204"), (span.Parent, span.Attributes["riskengine.decision"], span.Attributes["http.response.status_code"]));
    }
}
