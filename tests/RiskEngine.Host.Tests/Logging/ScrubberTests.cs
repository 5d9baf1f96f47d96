using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using RiskEngine.Host.Logging;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>What a log line may not hold, in whatever dress, and what it may.</summary>
public sealed class ScrubberTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLW9mLW5vYm9keQ";

    private static readonly JsonSerializerOptions Archive = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("Authorization: Bearer s3cr3t-value")]
    [InlineData("authorization: Basic amFuZTpzM2NyM3QtdmFsdWU=, s3cr3t-value")]
    [InlineData("curl -H 'X-Api-Key: s3cr3t-value' https://example.org/")]
    [InlineData("Cookie: a=1; authentik_session=s3cr3t-value; b=2")]
    [InlineData("Set-Cookie: sid=s3cr3t-value; Path=/; HttpOnly")]
    [InlineData("POST /token?grant=code&client_secret=s3cr3t-value&x=1")]
    [InlineData("GET /callback?code=s3cr3t-value&iss=x")]
    [InlineData("username=jane&password=s3cr3t-value&remember=1")]
    [InlineData("username%3Djane%26password%3Ds3cr3t-value")]
    [InlineData("user[password]=s3cr3t-value")]
    [InlineData("{\"user\":\"jane\",\"password\":\"s3cr3t-value\"}")]
    [InlineData("{\"password\" : \"quoted \\\" s3cr3t-value\", \"x\": 1}")]
    [InlineData("{\"body\":\"{\\\"password\\\":\\\"s3cr3t-value\\\"}\"}")]
    [InlineData("{\"Authorization\":[\"Bearer s3cr3t-value\"]}")]
    [InlineData("{'access_token': 's3cr3t-value'}")]
    [InlineData("accessToken=s3cr3t-value")]
    [InlineData("SessionId: s3cr3t-value")]
    [InlineData("<password>s3cr3t-value</password>")]
    [InlineData("password => s3cr3t-value")]
    [InlineData("postgres://riskengine:s3cr3t-value@db.example.org/x")]
    [InlineData("https://s3cr3t-value@example.org/")]
    [InlineData("Bearer s3cr3t-value-0123456789")]
    [InlineData("login with rk_s3cr3t-value-0123456789 failed")]
    [InlineData("Content-Disposition: form-data; name=\"password\"\r\n\r\ns3cr3t-value\r\n--x")]
    [InlineData("{\"text\":\"form-data; name=\\\"password\\\"\\r\\n\\r\\ns3cr3t-value\\r\\n--x\"}")]
    [InlineData("{\"name\":\"password\",\"value\":\"s3cr3t-value\"}")]
    [InlineData("{\"value\":\"s3cr3t-value\",\"name\":\"password\"}")]
    [InlineData("{\"name\": \"Cookie\",\n  \"value\": \"s3cr3t-value; b=1\"}")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\ns3cr3t-value\n-----END EC PRIVATE KEY-----")]
    [InlineData("totp=s3cr3t-value")]
    [InlineData("password=\"s3cr3t-value")]
    public void A_secret_is_taken_out(string text)
    {
        var scrubbed = Scrubber.Clean(text);
        Assert.DoesNotContain("s3cr3t-value", scrubbed, StringComparison.Ordinal);
        Assert.Contains(Scrubber.Removed, scrubbed, StringComparison.Ordinal);
        Assert.Equal(scrubbed, Scrubber.Clean(scrubbed));
    }

    [Fact]
    public void What_stands_around_a_secret_stays() => Assert.Equal(
        "GET /?user=jane&password=[removed]&page=2 from https://[removed]@example.org/x, then [removed] and {\"token\":\"[removed]\",\"n\":1}",
        Scrubber.Clean($"GET /?user=jane&password=hunter22&page=2 from https://a:b@example.org/x, then {Jwt} and {{\"token\":\"abc\",\"n\":1}}"));

    [Theory]
    [InlineData("the password was wrong, and so was the token")]
    [InlineData("webhooks[0].secret_file: name a file with 32 characters at least")]
    [InlineData("RISKENGINE__HTTP__TLS_KEY_FILE=tls.pem")]
    [InlineData("challenge (enforced: true) at 87.38 for 3f2a from 203.0.113.7: session_seen, stolen_session,token_new_network, event 0a6f0a3e-6d0d-4b1e-9a51-2f5f3f0f7c11.")]
    [InlineData("https://authentik.example.org/api/v3/events/events/?page=2&ordering=created")]
    [InlineData("basic authentication is off, bearer tokens are not")]
    [InlineData("{\"password\":null,\"token\":true}")]
    [InlineData("mail jane@example.org about http://example.org/a@b")]
    [InlineData("eyJust a word")]
    [InlineData("")]
    public void Ordinary_text_is_the_same_object_afterwards(string text) => Assert.Same(text, Scrubber.Clean(text));

    [Fact]
    public void Nothing_of_an_http_archive_that_is_secret_is_left()
    {
        var archive = JsonSerializer.Serialize(
            new
            {
                log = new
                {
                    version = "1.2",
                    entries = new[]
                    {
                        new
                        {
                            startedDateTime = "2026-11-21T20:15:01.123Z",
                            request = new
                            {
                                method = "POST",
                                url = "https://idp.example.org/application/o/token/?code=leak-aaaa-1&state=ok",
                                headers = new[]
                                {
                                    new { name = "Host", value = "idp.example.org" }, new { name = "Authorization", value = "Basic bGVhay1hYWFhLTI6eA==" },
                                    new { name = "Cookie", value = "authentik_session=leak-aaaa-3; theme=dark" }, new { name = "X-Authentik-CSRF", value = "leak-aaaa-4" },
                                },
                                cookies = new[] { new { name = "theme", value = "leak-aaaa-5", path = "/", httpOnly = true }, new { name = "x", value = "leak-aaaa-6", path = "/", httpOnly = false } },
                                queryString = new[] { new { name = "id_token", value = Jwt } },
                                postData = new
                                {
                                    mimeType = "application/json",
                                    text = JsonSerializer.Serialize(new { username = "jane", password = "leak-aaaa-7", nested = JsonSerializer.Serialize(new { refresh_token = "leak-aaaa-8" }) }),
                                    @params = new[] { new { name = "password", value = "leak-aaaa-9" } },
                                },
                            },
                            response = new { status = 200, headers = new[] { new { name = "Set-Cookie", value = "sid=leak-aaaa-0; Path=/" } }, content = new { text = $"{{\"access_token\":\"{Jwt}\"}}" } },
                        },
                    },
                },
            },
            Archive);
        foreach (var text in new[] { archive, JsonSerializer.Serialize(archive, JsonSerializerOptions.Web), archive.ReplaceLineEndings("") })
        {
            var scrubbed = Scrubber.Clean(text);
            Assert.DoesNotContain("leak-aaaa", scrubbed, StringComparison.Ordinal);
            Assert.DoesNotContain("bGVhay1hYWFh", scrubbed, StringComparison.Ordinal);
            Assert.DoesNotContain("eyJhbGci", scrubbed, StringComparison.Ordinal);
            Assert.Contains("idp.example.org", scrubbed, StringComparison.Ordinal);
            Assert.Contains("startedDateTime", scrubbed, StringComparison.Ordinal);
        }

        using var parsed = JsonDocument.Parse(Scrubber.Clean(archive));
        Assert.Equal(200, parsed.RootElement.GetProperty("log").GetProperty("entries")[0].GetProperty("response").GetProperty("status").GetInt32());
    }

    /// <summary>Words, numbers, addresses and punctuation in any order; what makes a secret is a name of one with a value, or a look, and none of these has it.</summary>
    [Fact]
    public void Any_ordinary_text_stays_as_it_is()
    {
        string[] parts =
        [
            "login", "of", "jane", "from", "203.0.113.7", "2001:db8::1", "failed", "password", "token", "session", "cookie", "secret", "=", ":", "://example.org/a", "?page=2", "{", "}", "[", "]", "\"",
            "'", "\\", "\n", ",", ".", ";", "é", "日本", "😀", "user_agent", "event_id", "87.38", "0x1f", "&", "#", "/", "%20", "bearer", "basic", "-----", "<b>", "a@b",
        ];
        var harmless = parts.Where(part => part is not ("=" or ":" or "://example.org/a" or "a@b" or "[" or "\"" or "'" or "\\" or "," or "<b>")).ToArray();
        // Names of secrets among text that has no sign of assignment, and every sign among text that has no name of a secret.
        var named = Gen.Elements(harmless).ListOf().Select(list => string.Join(' ', list));
        var signed = Gen.Elements(parts.Where(part => part is not ("password" or "token" or "session" or "cookie" or "secret" or "a@b" or "://example.org/a")).ToArray()).ListOf().Select(list => string.Concat(list));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Arb.From(Gen.OneOf(named, signed)), text => ReferenceEquals(Scrubber.Clean(text), text)));
    }

    [Theory]
    [InlineData("password:\\\": \"token\":\"s3cr3t\"")]
    [InlineData("password:\\\\\\\"abc\"token\":\"s3cr3t\"")]
    [InlineData("\"cookies\":[\\\"abc\"token\":\"s3cr3t\"]")]
    public void A_quote_with_fewer_backslashes_than_the_opening_one_hides_no_name_behind_it(string text) => Assert.DoesNotContain("s3cr3t", Scrubber.Clean(text), StringComparison.Ordinal);

    [Fact]
    public void Any_secret_is_taken_out_whatever_stands_around_it()
    {
        string[] around = ["", " ", "x", "\"", "{", "}", "[", "]", ",", "\n", "&", "=", ":", "eyJ", "://", "name", "cookies\":[", "\"value\":\"", "password", "é", "\\"];
        string[] dresses = ["password={0}", "\"token\":\"{0}\"", "Cookie: {0}", "client_secret: {0}", "://a:{0}@h"];
        var text =
            from before in Gen.Elements(around).ListOf()
            from dress in Gen.Elements(dresses)
            from after in Gen.Elements(around).ListOf()
            select $"{string.Concat(before)} {dress.Replace("{0}", "s3cr3t", StringComparison.Ordinal)} {string.Concat(after)}";
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(Arb.From(text), one => !Scrubber.Clean(one).Contains("s3cr3t", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_message_of_the_program_passes_unchanged()
    {
        var messages = typeof(Scrubber).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message).OfType<string>().ToList();
        Assert.True(messages.Count > 40);
        Assert.Equal(messages, messages.Select(Scrubber.Clean));
    }

    [Theory]
    [InlineData("eyJ")]
    [InlineData("password=\"")]
    [InlineData("\"cookies\":[{\"value\":\"")]
    [InlineData("\"name\":\"token\",")]
    [InlineData("\"value\":\"x\",\"name\":\"password\"")]
    [InlineData("://a@")]
    [InlineData("token")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("bearer ")]
    [InlineData("basic YTph")]
    [InlineData("cookie\\")]
    public void Time_grows_with_the_text_and_not_with_its_square(string part)
    {
        var text = new StringBuilder().Insert(0, part, 4_000_000 / part.Length).ToString();
        Scrubber.Clean(text[..1000]);
        var clock = Stopwatch.StartNew();
        Scrubber.Clean(text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"4 MB took {clock.Elapsed}");
    }
}
