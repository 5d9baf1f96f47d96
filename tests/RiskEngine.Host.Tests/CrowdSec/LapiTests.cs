using System.IO.Compression;
using System.Net;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>The routes that bouncers call, in the forms that the LAPI has.</summary>
public sealed class LapiTests : ApiTests
{
    private const string Decisions = "/crowdsec/v1/decisions";

    private Bouncer Bouncer => Tests.CrowdSec.Bouncer.Of(Server.App.Urls.Select(url => new Uri(url)).First(), Server.AdminKey);

    [Fact]
    public async Task Nothing_is_null()
    {
        using var bouncer = Bouncer;
        Assert.Equal("null", await bouncer.Client.GetStringAsync(Decisions));
        Assert.Equal("""{"new":null,"deleted":null}""", await bouncer.Client.GetStringAsync(Bouncer.Stream + "?startup=true"));
    }

    [Fact]
    public async Task A_decision_has_every_field_that_bouncers_need()
    {
        await BlockAsync("ip", "203.0.113.7");
        using var bouncer = Bouncer;
        var decision = Assert.Single((await bouncer.GetAsync(Decisions)).EnumerateArray());

        Assert.Equal(["duration", "id", "origin", "scenario", "scope", "type", "value"], decision.EnumerateObject().Select(member => member.Name).Order());
        Assert.True(decision.GetProperty("id").TryGetInt64(out _));
        Assert.StartsWith("3h59m5", decision.GetProperty("duration").GetString());
        Assert.Equal(("Ip", "ban", "cscli", "riskengine/manual"), (
            decision.GetProperty("scope").GetString(), decision.GetProperty("type").GetString(), decision.GetProperty("origin").GetString(), decision.GetProperty("scenario").GetString()));
    }

    [Theory]
    [InlineData("?ip=203.0.113.7", "203.0.113.7")]
    [InlineData("?ip=198.51.100.9", "198.51.100.0/24")]
    [InlineData("?ip=192.0.2.1", "")]
    [InlineData("?ip=2001:db8:0:0::7", "2001:db8::7")]
    [InlineData("?range=198.51.100.0/25", "198.51.100.0/24")]
    [InlineData("?range=198.51.0.0/16", "")]
    [InlineData("?range=198.51.0.0/16&contains=false", "198.51.100.0/24")]
    [InlineData("?range=::/0&contains=false", "2001:db8::7")]
    [InlineData("?value=203.0.113.7", "203.0.113.7")]
    [InlineData("?scope=range", "198.51.100.0/24")]
    [InlineData("?scopes=Country,as", "64500 KP")]
    [InlineData("?scopes=username", "")]
    [InlineData("?type=ban&scopes=range", "198.51.100.0/24")]
    [InlineData("?type=captcha", "")]
    [InlineData("?origins=cscli&scope=ip", "2001:db8::7 203.0.113.7")]
    [InlineData("?origins=crowdsec,lists", "")]
    [InlineData("?scenarios_containing=manual&scope=range", "198.51.100.0/24")]
    [InlineData("?scenarios_containing=ssh", "")]
    [InlineData("?scenarios_not_containing=manual", "")]
    [InlineData("?scope=ip&limit=1", "203.0.113.7")]
    [InlineData("?scope=range&additional_pull=false&community_pull=false", "198.51.100.0/24")]
    [InlineData("?scope=range&additional_pull=true&community_pull=true", "198.51.100.0/24")]
    [InlineData("?scope=ip&limit=1&offset=1", "2001:db8::7")]
    public async Task Filters_choose(string query, string expected)
    {
        await BlockAsync("ip", "203.0.113.7");
        await BlockAsync("ip", "2001:db8::7");
        await BlockAsync("range", "198.51.100.0/24");
        await BlockAsync("asn", "AS64500");
        await BlockAsync("country", "KP");
        using var bouncer = Bouncer;
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await bouncer.DecisionsAsync(query));
    }

    [Fact]
    public async Task Pages_by_id_miss_no_piece_of_a_range_that_the_allow_list_cut()
    {
        for (var i = 1; i <= 4; i++) await BlockAsync("ip", $"203.0.113.{i}");
        await BlockAsync("range", "198.51.100.0/24");
        await PostAsync("/api/v1/allowlist", new { scope = "ip", value = "198.51.100.77", duration = "1h", reason = "test" }, 201);
        for (var i = 5; i <= 8; i++) await BlockAsync("ip", $"203.0.113.{i}");
        using var bouncer = Bouncer;
        var all = await bouncer.DecisionsAsync();
        Assert.Equal(16, all.Length);

        List<string> paged = [];
        for (long after = 0; ;)
        {
            var page = await bouncer.GetAsync($"{Decisions}?limit=5&id_gt={after}");
            if (page.ValueKind == JsonValueKind.Null) break;
            paged.AddRange(page.EnumerateArray().Select(decision => decision.GetProperty("value").GetString()!));
            after = page.EnumerateArray().Last().GetProperty("id").GetInt64();
        }

        Assert.Equal(all, paged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stream_is_of_addresses_and_ranges_where_no_scopes_are_named()
    {
        await BlockAsync("ip", "203.0.113.7");
        await BlockAsync("country", "KP");
        using var bouncer = Bouncer;
        Assert.Equal(["203.0.113.7"], (await bouncer.PullAsync("?startup=true")).New);
        Assert.Equal(["KP"], (await bouncer.PullAsync("?startup=true&scopes=country")).New);
    }

    [Fact]
    public async Task What_a_rule_would_have_blocked_is_not_handed_out()
    {
        var now = EventTime.From(DateTimeOffset.UtcNow);
        var block = new Block { Id = 900, Scope = BlockScope.Ip, Value = "203.0.113.90", Reason = "x", Origin = BlockOrigin.Policy, CreatedAt = now, Until = now + TimeSpan.FromHours(1), Enforced = false };
        Server.Store.Blocks.Put(block, BlockTable.KeyOf(IpAddress.Parse(block.Value)));
        using var bouncer = Bouncer;
        Assert.Empty(await bouncer.DecisionsAsync());
    }

    [Fact]
    public async Task What_a_rule_blocked_is_handed_out_while_the_policy_enforces_and_no_longer()
    {
        var now = EventTime.From(DateTimeOffset.UtcNow);
        var block = new Block { Id = 901, Scope = BlockScope.Ip, Value = "203.0.113.91", Reason = "x", Origin = BlockOrigin.Policy, Owner = "block-guessing", CreatedAt = now, Until = now + TimeSpan.FromHours(1) };
        Server.Store.Blocks.Put(block, BlockTable.KeyOf(IpAddress.Parse(block.Value)));
        using var bouncer = Bouncer;
        Assert.Equal(["203.0.113.91"], await bouncer.DecisionsAsync("?origins=crowdsec&scenarios_containing=block-guessing"));

        Server.Parts.Engine.Swap(Some.Engine(Server.Store.Hash, CompiledPolicy.Compile(DefaultPolicy.Definition with { Mode = PolicyMode.Monitor })));
        Assert.Empty(await bouncer.DecisionsAsync());
        Assert.Empty(await Admin.GetStringAsync("/api/v1/blocklist"));
    }

    [Theory]
    [InlineData("?sope=ip")]
    [InlineData("?ip=nowhere")]
    [InlineData("?ip=203.0.113.7&range=203.0.113.0/24")]
    [InlineData("?range=203.0.113.7/24")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=99999999999999999999")]
    [InlineData("?contains=perhaps")]
    [InlineData("?startup=1")]
    [InlineData("?ip=203.0.113.7&ip=203.0.113.8")]
    public async Task A_query_that_is_not_understood_is_refused_in_words(string query)
    {
        using var bouncer = Bouncer;
        foreach (var path in new[] { Decisions, Bouncer.Stream })
        {
            using var response = await bouncer.Client.GetAsync(path + query);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.NotEmpty((await Json.ReadAsync(response)).GetProperty("message").GetString()!);
        }
    }

    [Fact]
    public async Task Hostile_queries_are_refused()
    {
        using var bouncer = Bouncer;
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(bouncer, $"?scenarios_containing={new string('a', 2000)}"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(bouncer, "?" + string.Concat(Enumerable.Range(0, 300).Select(i => $"a{i}=&"))));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, await StatusAsync(bouncer, "?value=" + new string('a', 100_000)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bouncer, "?scopes=%00,%ff,,,;--&value=%27%20OR%201=1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bouncer, "?"));
    }

    [Fact]
    public async Task A_megabyte_of_headers_is_refused_and_the_next_request_is_answered()
    {
        using var bouncer = Bouncer;
        using var request = new HttpRequestMessage(HttpMethod.Get, Decisions);
        request.Headers.Add("X-Padding", new string('a', 1 << 20));
        try
        {
            using var response = await bouncer.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        }
        catch (HttpRequestException broken)
        {
            // The server stops reading and hangs up while the client still writes.
            Assert.IsAssignableFrom<IOException>(broken.InnerException);
        }

        Assert.Empty(await bouncer.DecisionsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("rk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task A_wrong_key_gets_the_LAPIs_refusal(string key)
    {
        using var bouncer = Tests.CrowdSec.Bouncer.Of(new Uri(Server.App.Urls.First()), key);
        using var response = await bouncer.Client.GetAsync(Decisions);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"message":"access forbidden"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_key_and_a_bearer_s_key_get_it_too_and_one_without_the_scope_is_told_so()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.Nobody.GetAsync(Decisions)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Admin.GetAsync(Decisions)).StatusCode);
        using var narrow = await Server.ClientWithAsync("narrow", "events:write");
        using var request = new HttpRequestMessage(HttpMethod.Get, Decisions);
        request.Headers.Add("X-Api-Key", narrow.DefaultRequestHeaders.Authorization!.Parameter);
        using var refused = await Server.Nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("decisions:read", (await Json.ReadAsync(refused)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_says_whether_the_key_is_good_and_moves_nothing()
    {
        await BlockAsync("ip", "203.0.113.7");
        using var bouncer = Bouncer;
        foreach (var path in new[] { Decisions, Bouncer.Stream })
        {
            using var response = await bouncer.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var refused = await Server.Nobody.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        Assert.Equal(["203.0.113.7"], (await bouncer.PullAsync()).New);
    }

    [Fact]
    public async Task Other_methods_are_not_there()
    {
        using var bouncer = Bouncer;
        using var posted = await bouncer.Client.PostAsync(Decisions, Json.Text("[]"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        using var deleted = await bouncer.Client.DeleteAsync(Decisions);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
        using var nobody = await Server.Nobody.DeleteAsync(Decisions);
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    [Fact]
    public async Task Usage_metrics_are_taken_and_bounded()
    {
        using var bouncer = Bouncer;
        Assert.Equal(HttpStatusCode.Created, await PostUsageAsync("""{"remediation_components":[{"version":"v1"}],"log_processors":[]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostUsageAsync("[1"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostUsageAsync("7"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostUsageAsync(""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostUsageAsync($$"""{"a":"{{new string('a', 1 << 20)}}"}"""));

        async Task<HttpStatusCode> PostUsageAsync(string body)
        {
            using var response = await bouncer.Client.PostAsync("/crowdsec/v1/usage-metrics", Json.Text(body));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task An_answer_is_compressed_for_who_asks_for_it_and_for_nobody_else()
    {
        await BlockAsync("ip", "203.0.113.7");
        using var bouncer = Bouncer;
        foreach (var (accepted, isCompressed) in new[] { ("gzip", true), ("deflate, gzip;q=0.5", true), ("gzip;q=0", false), ("identity", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Bouncer.Stream + "?startup=true");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using var response = await bouncer.Client.SendAsync(request);
            Assert.Equal(isCompressed, response.Content.Headers.ContentEncoding.Contains("gzip"));
            await using var body = await response.Content.ReadAsStreamAsync();
            await using var plain = isCompressed ? new GZipStream(body, CompressionMode.Decompress) : body;
            using var json = await JsonDocument.ParseAsync(plain);
            Assert.Equal(1, json.RootElement.GetProperty("new").GetArrayLength());
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Bouncer bouncer, string query)
    {
        using var response = await bouncer.Client.GetAsync(Decisions + query);
        return response.StatusCode;
    }

    private Task BlockAsync(string scope, string value) => PostAsync("/api/v1/blocks", new { scope, value, duration = "4h", reason = "test" }, 201);
}
