using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry.Otlp;

namespace RiskEngine.Host.Tests.Telemetry.Traces;

/// <summary>What the built program owes through a restart leads, once it is delivered, to the trace in which it came to be owed.</summary>
public sealed class OwedTraceTests
{
    private const string Events = "4bf92f3577b34da6a3ce929d0e0e4736", Acts = "0af7651916cd43dd8448eb211c80319c";

    private volatile int _status = 503;
    private int _asked;

    [Fact]
    public async Task Of_what_waited_while_the_process_was_killed_each_delivery_leads_where_it_came_from()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var webhook = await WebhookAsync();
        using var folder = new TemporaryFolder();
        folder.Write("secret", new string('s', 32));
        folder.Write("riskengine.yaml", $"webhooks:\n  - {{ name: soc, url: '{webhook.Urls.First()}', secret_file: secret, events: [blocks] }}\notlp: {{ endpoint: '{otlp.Endpoint}', sampling: 0 }}\n");
        await using (var doomed = await ServedProgram.StartAsync(folder.FullName))
        {
            using var client = doomed.Client();
            await SendAsync(client, "/api/v1/events", Json.Text(SomeEvent.Spray("203.0.113.9", 60), "application/x-ndjson"), Events);
            await SendAsync(client, "/api/v1/blocks", Json.Body(new { scope = "subject", value = "jane", duration = "4h", reason = "x" }), Acts);
            await Until.TrueAsync(() => Volatile.Read(ref _asked) > 0);
            await doomed.KillAsync();
        }

        var before = otlp.Spans.Count;
        _status = 200;
        await using (var served = await ServedProgram.StartAsync(folder.FullName))
        {
            await Until.TrueAsync(() => otlp.Spans.Skip(before).Count(IsDelivered) == 2);
            Assert.Equal(0, await served.StopAsync());
        }

        Assert.Equal([Acts, Events], otlp.Spans.Skip(before).Where(IsDelivered).Select(span => Assert.Single(span.Links)).Order(StringComparer.Ordinal));
    }

    private static bool IsDelivered(ReceivedSpan span) => span.Name == "deliver" && span.Attributes["riskengine.outcome"] == "delivered";

    private static async Task SendAsync(HttpClient client, string path, HttpContent body, string trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<WebApplication> WebhookAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var webhook = builder.Build();
        webhook.Run(context =>
        {
            Interlocked.Increment(ref _asked);
            context.Response.StatusCode = _status;
            return Task.CompletedTask;
        });
        await webhook.StartAsync();
        return webhook;
    }
}
