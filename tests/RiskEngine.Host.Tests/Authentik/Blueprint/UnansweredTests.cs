using System.Text.Json.Nodes;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>People sign in while RiskEngine gives no answer: nobody is denied for it, a second factor is asked for, and it takes a bounded time.</summary>
public sealed class UnansweredTests
{
    private const string Key = "rk-a-secret-that-nobody-may-see";
    private const int People = 3;
    private const string Added = "riskengine-second-factor";

    /// <summary>Seconds a sign-in may take on a busy machine; the blueprint waits two. Without an end of its own a dripping answer has none.</summary>
    private const double Bound = 60;

    private static string Http(string body, string status = "200 OK", string more = "") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    [SignInFact]
    public Task Refused_connections_are_no_answer() => AssertUnansweredAsync(new Uri("http://127.0.0.1:1"), "ConnectionError");

    [SignInFact]
    public Task A_name_that_does_not_exist_is_no_exception() => AssertUnansweredAsync(new Uri("http://riskengine.invalid"), "ConnectionError");

    [SignInFact]
    public async Task Silence_is_waited_for_a_second()
    {
        await using var silent = new Elsewhere((_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        await AssertTooSlowAsync(silent.Url);
        Assert.Equal(People, silent.Connections);
    }

    [SignInFact]
    public async Task An_answer_that_drips_is_not_waited_for_longer_than_two_seconds()
    {
        await using var body = Elsewhere.ThatDrips("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n", " ");
        await AssertTooSlowAsync(body.Url);
        await using var head = Elsewhere.ThatDrips("HTTP/1.1 200 OK\r\nX-Slow: ", "z");
        await AssertTooSlowAsync(head.Url);
    }

    [SignInTheory]
    [InlineData("no HTTP at all\r\n\r\n", "ConnectionError")]
    [InlineData("", "ConnectionError")]
    public async Task What_is_no_HTTP_is_no_answer(string answer, string reason)
    {
        await using var other = Elsewhere.That(answer);
        await AssertUnansweredAsync(other.Url, reason);
    }

    [SignInTheory]
    [InlineData("<html>sign in</html>", "JSONDecodeError")]
    [InlineData("", "JSONDecodeError")]
    [InlineData("null", "not understood")]
    [InlineData("[]", "not understood")]
    [InlineData("""{"decision":"maybe","enforced":true}""", "not understood")]
    [InlineData("""{"decision":["block"],"enforced":true}""", "not understood")]
    [InlineData("""{"decision":"block"}""", "not understood")]
    public async Task An_answer_of_another_shape_is_no_answer(string body, string reason)
    {
        await using var other = Elsewhere.That(Http(body));
        await AssertUnansweredAsync(other.Url, reason);
    }

    [SignInFact]
    public async Task An_answer_that_does_not_end_is_not_read_to_its_end()
    {
        await using var endless = new Elsewhere(async (stream, cancellation) =>
        {
            var piece = new byte[65536];
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"u8.ToArray(), cancellation);
            while (true) await stream.WriteAsync(piece, cancellation);
        });
        await AssertUnansweredAsync(endless.Url, "JSONDecodeError");
    }

    [SignInTheory]
    [InlineData("401 Unauthorized", "status 401")]
    [InlineData("429 Too Many Requests", "status 429")]
    [InlineData("500 Internal Server Error", "status 500")]
    [InlineData("503 Service Unavailable", "status 503")]
    public async Task A_refusal_is_no_answer_and_is_not_asked_again(string status, string reason)
    {
        await using var refusing = Elsewhere.That(Http("{}", status, "Retry-After: 1\r\n"));
        await AssertUnansweredAsync(refusing.Url, reason);
        Assert.Equal(People, refusing.Connections);
    }

    [SignInFact]
    public async Task A_redirection_is_not_followed_since_the_key_would_go_along()
    {
        await using var trap = Elsewhere.That(Http("""{"decision":"allow","enforced":true,"valve":null}"""));
        await using var redirecting = Elsewhere.That(Http("{}", "307 Temporary Redirect", $"Location: {trap.Url}\r\n"));
        await AssertUnansweredAsync(redirecting.Url, "status 307");
        Assert.Equal(0, trap.Connections);
    }

    [SignInFact]
    public async Task A_valve_that_holds_a_block_back_leaves_the_challenge()
    {
        await using var held = Elsewhere.That(Http("""{"decision":"challenge","enforced":false,"valve":"newly_hit_subjects"}"""));
        var login = await SignIns.OneAsync(SignIns.Person(held.Url, more: new JsonObject { ["factor"] = true, ["own_factor"] = false }), Key);
        Assert.Equal(("signed in", "challenge", Added), (login.End, login.Action, Assert.Single(login.Steps)));
    }

    [SignInFact]
    public async Task A_person_who_watches_only_lets_people_in_without_an_answer()
    {
        var context = new JsonObject { ["unanswered"] = "allow" };
        var login = await SignIns.OneAsync(SignIns.Person(new Uri("http://127.0.0.1:1"), context: context), Key);
        Assert.Equal(("signed in", "unknown"), (login.End, login.Action));
        Assert.Empty(login.Steps);
    }

    /// <summary>Which of the two bounds is met first is a matter of the machine.</summary>
    private static Task AssertTooSlowAsync(Uri url) => AssertUnansweredAsync(url, 1, "ReadTimeout", "too slow");

    private static Task AssertUnansweredAsync(Uri url, string reason) => AssertUnansweredAsync(url, 20, reason);

    /// <summary>Three people: with a second factor, without one, and one whose flow asks for it anyway.</summary>
    private static async Task AssertUnansweredAsync(Uri url, int wait, params string[] reasons)
    {
        JsonObject Context() => new() { ["wait_seconds"] = wait };
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(url, context: Context(), more: new JsonObject { ["factor"] = true, ["own_factor"] = false }),
                SignIns.Person(url, context: Context()),
                SignIns.Person(url, context: Context(), more: new JsonObject { ["factor"] = true }),
            ],
            Key, "not used");

        Assert.Equal(["signed in", "denied", "signed in"], logins.Select(login => login.End));
        Assert.Equal(Added, Assert.Single(logins[0].Steps));
        Assert.Equal("No second factor", logins[1].Seen);
        Assert.Equal("default-authentication-mfa-validation", Assert.Single(logins[2].Steps));
        Assert.All(logins, login => Assert.Equal(("unknown", 1), (login.Action, login.Asked)));
        Assert.All(logins, login => Assert.Equal([wait / 2d, wait], Assert.Single(login.Timeouts)));
        Assert.All(logins, login => Assert.InRange(login.Seconds, 0, Bound));
        foreach (var login in logins)
        {
            Assert.Empty(login.Exceptions);
            Assert.Empty(login.Messages);
            var line = Assert.Single(login.Log);
            Assert.Contains(line.GetProperty("reason").GetString(), reasons);
            Assert.DoesNotContain(Key, line.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain(url.Authority, line.GetRawText(), StringComparison.Ordinal);
        }
    }
}
