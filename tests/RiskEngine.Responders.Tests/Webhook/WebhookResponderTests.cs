using System.Diagnostics;
using System.Text;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Outbound;
using RiskEngine.Responders.Webhook;
using RiskEngine.Testing;

namespace RiskEngine.Responders.Tests.Webhook;

/// <summary>What a webhook sends, what it makes of each answer, and what a receiver can trust in it.</summary>
public sealed class WebhookResponderTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_body_arrives_as_it_was_stored_signed_and_with_its_key()
    {
        await using var receiver = await Receiver.StartAsync();
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(receiver.Url));
        var received = Assert.Single(receiver.All);
        Assert.Equal("""{"type":"decision","é":1}""", received.Text);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.Equal("key-1", received.Headers["Idempotency-Key"]);
        Assert.Equal(WebhookSignature.Of(Secret, _clock.GetUtcNow(), received.Body), received.Headers[WebhookSignature.Header]);
        Assert.StartsWith("t=1795348800,v1=", received.Headers[WebhookSignature.Header], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(204, DeliveryVerdict.Delivered, "delivered")]
    [InlineData(302, DeliveryVerdict.Unavailable, "redirected")]
    [InlineData(400, DeliveryVerdict.Never, "rejected")]
    [InlineData(401, DeliveryVerdict.Unavailable, "unauthorized")]
    [InlineData(403, DeliveryVerdict.Unavailable, "forbidden")]
    [InlineData(404, DeliveryVerdict.Unavailable, "not_found")]
    [InlineData(409, DeliveryVerdict.Retry, "conflict")]
    [InlineData(413, DeliveryVerdict.Never, "rejected")]
    [InlineData(429, DeliveryVerdict.Unavailable, "throttled")]
    [InlineData(500, DeliveryVerdict.Unavailable, "server_error")]
    [InlineData(503, DeliveryVerdict.Unavailable, "server_error")]
    public async Task Each_answer_has_its_consequence(int status, DeliveryVerdict verdict, string reason)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, "Location", "http://127.0.0.1:1/elsewhere");
        var result = await DeliverAsync(receiver.Url);
        Assert.Equal((verdict, reason), (result.Verdict, result.Reason));
        Assert.Single(receiver.All);
        Assert.Contains(reason, DeliveryReasons.Outcomes);
    }

    [Fact]
    public async Task What_the_other_side_asks_to_wait_is_passed_on()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(429, "Retry-After", "17");
        Assert.Equal(TimeSpan.FromSeconds(17), (await DeliverAsync(receiver.Url)).NotBefore);
    }

    [Fact]
    public async Task One_that_hangs_up_hangs_or_is_not_there_is_out_of_order()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal((DeliveryVerdict.Unavailable, "broken"), Short(await DeliverAsync(receiver.Url)));
        receiver.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Assert.Equal((DeliveryVerdict.Unavailable, "timed_out"), Short(await DeliverAsync(receiver.Url, timeout: 200)));
        var url = receiver.Url;
        await receiver.DisposeAsync();
        Assert.Equal((DeliveryVerdict.Unavailable, "unreachable"), Short(await DeliverAsync(url)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    public async Task Without_a_secret_that_is_worth_it_nothing_is_sent(string? secret)
    {
        await using var receiver = await Receiver.StartAsync();
        Assert.Equal((DeliveryVerdict.Unavailable, "no_secret"), Short(await DeliverAsync(receiver.Url, secret)));
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task The_guard_lets_nothing_out_to_where_clouds_keep_their_credentials() =>
        Assert.Equal((DeliveryVerdict.Unavailable, "refused"), Short(await DeliverAsync(new Uri("http://169.254.169.254/latest"))));

    /// <summary>The sample in docs/responders.md, run by a real interpreter on what the program really signs.</summary>
    [PythonFact]
    public async Task The_sample_of_the_documentation_takes_what_is_genuine_and_refuses_what_is_old_changed_or_forged()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Path("docs", "responders.md"));
        var start = page.IndexOf("```python\n", StringComparison.Ordinal) + "```python\n".Length;
        var sample = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        var body = """{"type":"decision","é":1}""";
        var header = WebhookSignature.Of(Secret, _clock.GetUtcNow(), Encoding.UTF8.GetBytes(body));
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var code = $$"""
            {{sample}}
            body = '{{body}}'.encode()
            header = "{{header}}"
            forged = header.split(",")[0] + ",v1=" + "0" * 64
            print(is_genuine("{{Secret}}", header, body, {{now}}), is_genuine("{{Secret}}", "x=1," + header, body, {{now + 300}}), is_genuine("{{Secret}}", header, body, {{now - 300}}))
            print(is_genuine("{{Secret}}", header, body, {{now + 301}}), is_genuine("{{Secret}}", header, body, {{now - 301}}), is_genuine("{{Secret}}", header, body + b" ", {{now}}))
            print(is_genuine("{{Secret}}x", header, body, {{now}}), is_genuine("{{Secret}}", forged, body, {{now}}), is_genuine("{{Secret}}", header.replace("t=1", "t=2"), body, {{now}}))
            print(is_genuine("{{Secret}}", "", body, {{now}}), is_genuine("{{Secret}}", "t=,v1=", body, {{now}}), is_genuine("{{Secret}}", "t=²,v1=", body, {{now}}))
            """;
        Assert.Equal("True True True\nFalse False False\nFalse False False\nFalse False False\n", await PythonFactAttribute.RunAsync(code));
    }

    private static (DeliveryVerdict Verdict, string Reason) Short(DeliveryResult result) => (result.Verdict, result.Reason);

    private async Task<DeliveryResult> DeliverAsync(Uri url, string? secret = Secret, int timeout = 60_000)
    {
        using var client = new OutboundClient(new OutboundTarget { Timeout = TimeSpan.FromMilliseconds(timeout) }, TimeProvider.System);
        var settings = new WebhookSettings { Name = "webhook-soc", Url = url, ReadSecret = () => secret, Naming = IncidentNaming.Clear };
        var item = new OutboxItem { Responder = "webhook-soc", OrderKey = "k", Kind = "decision", IdempotencyKey = "key-1", Payload = Encoding.UTF8.GetBytes("""{"type":"decision","é":1}""") };
        return await new WebhookResponder(settings, client, _clock).DeliverAsync(item, CancellationToken.None);
    }
}

/// <summary>A test that needs a Python interpreter; skipped, and said so, where there is none.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3")))) Skip = "needs python3";
    }

    /// <summary>Runs a program and returns what it printed.</summary>
    public static async Task<string> RunAsync(string code)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        await python.StandardInput.WriteAsync(code);
        python.StandardInput.Close();
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("", await errors);
        return await output;
    }
}
