using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using RiskEngine.Core.Facts;

namespace RiskEngine.Outbound.Tests;

public sealed class OutboundClientTests
{
    private static readonly OutboundTarget Quick = new() { Timeout = TimeSpan.FromSeconds(20), BodyLimit = 10_000 };

    private static async Task<(OutboundAnswer? Answer, OutboundFault? Fault)> AskAsync(Uri url, OutboundTarget? target = null)
    {
        using var client = new OutboundClient(target ?? Quick, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await client.SendAsync(request, CancellationToken.None);
    }

    private static string Http(string status, string headers, string body) => $"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    [Fact]
    public async Task An_answer_is_read_to_its_end()
    {
        await using var server = new RawServer(Http("200 OK", "Content-Type: application/problem+json\r\nETag: \"x\"\r\n", "{\"a\":1}"));
        var (answer, fault) = await AskAsync(server.Url);
        Assert.Null(fault);
        Assert.Equal((HttpStatusCode.OK, true, true, "{\"a\":1}", "\"x\""), (answer!.Status, answer.IsSuccess, answer.IsJson, Encoding.UTF8.GetString(answer.Body.Span), answer.ETag!.Tag));
    }

    [Fact]
    public async Task A_redirection_is_an_answer_and_nobody_follows_it()
    {
        await using var trap = new RawServer(Http("200 OK", "", "secret"));
        await using var server = new RawServer(Http("302 Found", $"Location: {trap.Url}\r\n", ""));
        var (answer, _) = await AskAsync(server.Url);
        Assert.Equal((HttpStatusCode.Found, false, 0), (answer!.Status, answer.IsSuccess, trap.Connections));
    }

    [Theory]
    [InlineData("Retry-After: 77\r\n", 77)]
    [InlineData("Retry-After: 86400\r\n", 900)]
    [InlineData("Retry-After: Sun, 21 Nov 1999 20:00:00 GMT\r\n", 0)]
    public async Task What_it_asks_to_wait_is_taken_within_reason(string header, int seconds)
    {
        await using var server = new RawServer(Http("429 Too Many Requests", header, ""));
        Assert.Equal(TimeSpan.FromSeconds(seconds), (await AskAsync(server.Url)).Answer!.RetryAfter);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_before_anybody_is_connected_to()
    {
        // The name resolves through the system's resolver, as that of an attacker would, to 127.0.0.1.
        await using var server = new RawServer(Http("200 OK", "", "secret"));
        var url = new Uri($"http://localhost:{server.Port}/");
        var remote = new OutboundTarget { Origin = UrlOrigin.Remote, AllowInsecure = true, Rules = new OutboundRules { Ports = [server.Port] } };
        var (answer, fault) = await AskAsync(url, remote);
        Assert.Equal((OutboundFailure.Refused, false), (fault!.Value.Failure, fault.Value.MayPass));
        Assert.Contains("outbound.private_hosts", fault.Value.Words, StringComparison.Ordinal);
        Assert.Equal((null, 0), (answer, server.Connections));

        Assert.NotNull((await AskAsync(url, remote with { Rules = new OutboundRules { Ports = [server.Port], PrivateHosts = ["localhost"] } })).Answer);
        Assert.NotNull((await AskAsync(url)).Answer);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_once_it_was_checked_is_not_followed_there()
    {
        await using var server = new RawServer(Http("200 OK", "", "secret"));
        var asked = 0;
        var remote = new OutboundTarget
        {
            Origin = UrlOrigin.Remote,
            AllowInsecure = true,
            Rules = new OutboundRules { Ports = [server.Port] },
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
            // Whoever answers for the name says a public address, where nobody is, and this machine from then on.
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "198.51.100.1" : "127.0.0.1")]),
        };
        var url = new Uri($"http://rebinding.example.org:{server.Port}/");
        Assert.NotEqual(OutboundFailure.Refused, (await AskAsync(url, remote)).Fault!.Value.Failure);
        Assert.Equal((1, 0), (asked, server.Connections));
        Assert.Equal(OutboundFailure.Refused, (await AskAsync(url, remote)).Fault!.Value.Failure);
        Assert.Equal((2, 0), (asked, server.Connections));
    }

    [Theory, InlineData("198.51.100.1", "127.0.0.1"), InlineData("127.0.0.1", "198.51.100.1"), InlineData("198.51.100.1", "169.254.169.254"), InlineData("198.51.100.1", "::ffff:127.0.0.1")]
    public async Task A_name_with_one_forbidden_address_among_others_is_refused(params string[] addresses)
    {
        await using var server = new RawServer(Http("200 OK", "", "secret"));
        var remote = new OutboundTarget
        {
            Origin = UrlOrigin.Remote,
            AllowInsecure = true,
            Rules = new OutboundRules { Ports = [server.Port] },
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]),
        };
        var (answer, fault) = await AskAsync(new Uri($"http://two.example.org:{server.Port}/"), remote);
        Assert.Equal((null, OutboundFailure.Refused, 0), (answer, fault!.Value.Failure, server.Connections));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_not_read_on_whether_it_says_its_length_or_not()
    {
        await using var honest = new RawServer(Http("200 OK", "", new string('x', 10_001)));
        await using var silent = new RawServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + new string('x', 10_001));
        await using var just = new RawServer(Http("200 OK", "", new string('x', 10_000)));
        Assert.Equal(OutboundFailure.TooLarge, (await AskAsync(honest.Url)).Fault!.Value.Failure);
        Assert.Equal(OutboundFailure.TooLarge, (await AskAsync(silent.Url)).Fault!.Value.Failure);
        Assert.Equal(10_000, (await AskAsync(just.Url)).Answer!.Body.Length);
    }

    [Fact]
    public async Task A_body_that_unpacks_beyond_the_limit_is_not_unpacked_on()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[5_000_000]);
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n");
        Assert.InRange(packed.Length, 1, 9_999);
        await using var server = new RawServer([.. head, .. packed.ToArray()]);
        Assert.Equal(OutboundFailure.TooLarge, (await AskAsync(server.Url)).Fault!.Value.Failure);
    }

    [Fact]
    public async Task Silence_ends_by_the_clock()
    {
        await using var server = new RawServer((byte[]?)null);
        var (_, fault) = await AskAsync(server.Url, Quick with { Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal((OutboundFailure.TimedOut, true, "no answer within 0.3 seconds"), (fault!.Value.Failure, fault.Value.MayPass, fault.Value.Words));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so_and_not_that_it_timed_out()
    {
        await using var server = new RawServer((byte[]?)null);
        using var client = new OutboundClient(Quick, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
        using var gaveUp = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, gaveUp.Token));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhalf")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("")]
    public async Task What_breaks_off_or_is_no_http_is_broken(string answer)
    {
        await using var server = new RawServer(answer);
        Assert.Equal(OutboundFailure.Broken, (await AskAsync(server.Url)).Fault!.Value.Failure);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable_and_a_plain_port_speaks_no_tls()
    {
        Uri gone;
        await using (var server = new RawServer("")) gone = server.Url;
        Assert.Equal(OutboundFailure.Unreachable, (await AskAsync(gone)).Fault!.Value.Failure);
        await using var plain = new RawServer(Http("200 OK", "", ""));
        Assert.Equal(OutboundFailure.Tls, (await AskAsync(new Uri($"https://127.0.0.1:{plain.Port}/"))).Fault!.Value.Failure);
    }

    [Fact]
    public async Task The_trace_of_the_caller_is_told_as_it_is_and_nothing_where_there_is_none()
    {
        await using var server = new RawServer(Http("200 OK", "", ""));
        await AskAsync(server.Url);
        Assert.DoesNotContain("trace", server.Heard, StringComparison.OrdinalIgnoreCase);
        using var span = new Activity("a caller's") { TraceStateString = "vendor=1" }.SetIdFormat(ActivityIdFormat.W3C).Start();
        await AskAsync(server.Url);
        Assert.Contains($"\r\ntraceparent: {span.Id}\r\n", server.Heard, StringComparison.Ordinal);
        Assert.Contains("\r\ntracestate: vendor=1\r\n", server.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_asks_by_the_same_guard()
    {
        await using var server = new RawServer(Http("200 OK", "", "pong"));
        var outcomes = new List<OutboundFailure?>();
        using var client = new OutboundClient(Quick with { Rules = new OutboundRules { Ports = [443] } }, TimeProvider.System);
        using var http = client.ForLibrary(dress: request => request.RequestUri!.AbsolutePath == "/no" ? new OutboundFault(OutboundFailure.Refused, "not this one") : Dressed(request), tell: (_, fault) => outcomes.Add(fault?.Failure));
        using (var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent("ping") })
        using (var answer = http.Send(request))
        {
            Assert.Equal((HttpStatusCode.OK, "pong"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        Assert.Contains("\r\nX-Key: x\r\n", server.Heard, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nping", server.Heard, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(server.Url, "no")));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("http://192.0.2.1/")));
        Assert.Equal([null, OutboundFailure.Refused, OutboundFailure.Refused], outcomes);

        static OutboundFault? Dressed(HttpRequestMessage request)
        {
            request.Headers.Add("X-Key", "x");
            return null;
        }
    }

    [Fact]
    public async Task The_environment_cannot_put_a_proxy_in_between()
    {
        await using var proxy = new RawServer(Http("200 OK", "", "from the proxy"));
        await using var server = new RawServer(Http("200 OK", "", "from the server"));
        Environment.SetEnvironmentVariable("http_proxy", proxy.Url.ToString());
        try
        {
            Assert.Equal("from the server", Encoding.UTF8.GetString((await AskAsync(server.Url)).Answer!.Body.Span));
            Assert.Equal(0, proxy.Connections);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }
    }
}
