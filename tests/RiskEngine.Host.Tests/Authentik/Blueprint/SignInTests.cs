using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>People sign in at an authentik with the blueprint, and a real RiskEngine answers.</summary>
public sealed class SignInTests(EnforcingServer enforcing) : IClassFixture<EnforcingServer>
{
    private const string Deny = "This sign-in was not allowed. If it was you, ask your administrator for help.";
    private const string Added = "riskengine-second-factor";
    private const string Denied = "riskengine-deny";
    private const string Own = "default-authentication-mfa-validation";

    private static JsonObject WithPhone => new() { ["factor"] = true, ["own_factor"] = false };

    [SignInFact]
    public async Task A_login_nothing_speaks_against_is_asked_about_once_and_passes()
    {
        var server = enforcing.Server;
        var login = await SignIns.OneAsync(SignIns.Person(server.Url), server.EvaluateKey);
        Assert.Equal(("signed in", "allow", 1), (login.End, login.Action, login.Asked));
        AssertQuiet(login);
        Assert.Empty(login.Log);
    }

    [SignInFact]
    public async Task A_challenged_login_is_asked_for_a_second_factor_once()
    {
        var server = enforcing.Server;
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(server.Url, 3, "carol", more: WithPhone),
                SignIns.Person(server.Url, 3, "carol", more: new JsonObject { ["factor"] = true }),
                SignIns.Person(server.Url, 3, "carol"),
                SignIns.Person(server.Url, 3, "carol", context: new JsonObject { ["without_second_factor"] = "skip" }),
                SignIns.Person(server.Url, 3, "carol", more: new JsonObject { ["auth_method"] = "auth_webauthn_pwl" }),
                SignIns.Person(server.Url, more: WithPhone),
            ],
            server.EvaluateKey, server.EventsKey);

        Assert.Equal([("signed in", Added), ("signed in", Own), ("denied", ""), ("signed in", ""), ("signed in", ""), ("signed in", "")], logins.Select(login => (login.End, string.Join(' ', login.Steps))));
        Assert.Equal(["challenge", "challenge", "challenge", "challenge", "challenge", "allow"], logins.Select(login => login.Action));
        Assert.All(logins, login => Assert.Equal(1, login.Asked));
        Assert.All(logins, AssertQuiet);
    }

    [SignInFact]
    public async Task A_login_from_a_blocked_address_meets_the_deny_stage_whatever_its_browser_says()
    {
        var server = enforcing.Server;
        await server.BlockAsync("203.0.113.7");
        var hostile = string.Concat(Enumerable.Repeat("\"\\ \ud800 \0 ü 漢 %s {} ", 4000));
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(server.Url, address: "203.0.113.7", more: new JsonObject { ["factor"] = true }),
                SignIns.Person(server.Url, address: "203.0.113.7", more: new JsonObject { ["user_agent"] = hostile }),
                SignIns.Person(server.Url, null, hostile, address: "203.0.113.7"),
                SignIns.Person(server.Url, address: "203.0.113.7", more: new JsonObject { ["user_agent"] = null }),
                SignIns.Person(server.Url, address: "203.0.113.7", more: new JsonObject
                {
                    ["geoip"] = new JsonObject { ["continent"] = "EU", ["country"] = "DE", ["city"] = new string('ü', 500), ["lat"] = 52.5, ["long"] = null },
                    ["asn"] = new JsonObject { ["asn"] = 64500, ["as_org"] = null, ["network"] = "203.0.113.0/24" },
                }),
            ],
            server.EvaluateKey, server.EventsKey);

        Assert.All(logins, login => Assert.Equal(("denied", Deny, "block", 1), (login.End, login.Seen, login.Action, login.Asked)));
        Assert.All(logins, AssertQuiet);
    }

    [SignInFact]
    public async Task A_blocked_address_gets_no_further_than_the_name_where_that_is_switched_on()
    {
        var server = enforcing.Server;
        await server.BlockAsync("203.0.113.8");
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(server.Url, address: "203.0.113.8", context: Switched("ask_before_password")),
                SignIns.Person(server.Url, context: Switched("ask_before_password")),
                SignIns.Person(server.Url, address: "203.0.113.8"),
            ],
            server.EvaluateKey, server.EventsKey);

        Assert.Equal([("denied", 1), ("signed in", 2), ("denied", 1)], logins.Select(login => (login.End, login.Asked)));
        Assert.Equal([true, false, false], logins.Select(login => login.Memo!.Value.GetProperty("login")[3].ValueKind == System.Text.Json.JsonValueKind.Null));
    }

    [SignInFact]
    public async Task In_monitor_mode_rules_neither_deny_nor_challenge_and_a_persons_block_does()
    {
        await using var server = await AskedServer.StartAsync("monitor");
        await server.BlockAsync("203.0.113.7");
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(server.Url, 3, "carol"),
                SignIns.Person(server.Url, address: "203.0.113.7"),
                SignIns.Person(server.Url, context: Switched("second_factor_only_when_risky"), more: new JsonObject { ["factor"] = true }),
            ],
            server.EvaluateKey, server.EventsKey);

        Assert.Equal([("signed in", "watched", ""), ("denied", "block", Denied), ("signed in", "watched", Own)], logins.Select(login => (login.End, login.Action, string.Join(' ', login.Steps))));
    }

    [SignInFact]
    public async Task The_flows_own_factor_rests_only_where_that_is_switched_on_and_nothing_speaks_against_the_login()
    {
        var server = enforcing.Server;
        var phone = new JsonObject { ["factor"] = true };
        var logins = await SignIns.RunAsync(
            [
                SignIns.Person(server.Url, more: phone),
                SignIns.Person(server.Url, context: Switched("second_factor_only_when_risky"), more: phone),
                SignIns.Person(server.Url, 3, "carol", context: Switched("second_factor_only_when_risky"), more: phone),
                SignIns.Person(new Uri("http://127.0.0.1:1"), context: Switched("second_factor_only_when_risky"), more: phone),
            ],
            server.EvaluateKey, server.EventsKey);

        Assert.Equal([Own, "", Own, Own], logins.Select(login => string.Join(' ', login.Steps)));
    }

    [SignInFact]
    public async Task Who_is_in_the_group_risk_high_is_challenged_whatever_the_answer()
    {
        var server = enforcing.Server;
        var login = SignIns.Person(server.Url, more: WithPhone);
        login["user"]!["groups"] = new JsonArray("risk-high");
        var signedIn = await SignIns.OneAsync(login, server.EvaluateKey);
        Assert.Equal(("allow", Added), (signedIn.Action, Assert.Single(signedIn.Steps)));
    }

    [SignInFact]
    public async Task A_restart_in_between_costs_a_second_factor_and_no_block()
    {
        await using var server = await AskedServer.StartAsync();
        await server.BlockAsync("203.0.113.7");
        JsonObject[] People() => [SignIns.Person(server.Url, more: WithPhone), SignIns.Person(server.Url, address: "203.0.113.7", more: WithPhone)];
        var before = await SignIns.RunAsync(People(), server.EvaluateKey, server.EventsKey);
        await server.StopAsync();
        var meanwhile = await SignIns.RunAsync(People(), server.EvaluateKey, server.EventsKey);
        await server.StartAgainAsync();
        var after = await SignIns.RunAsync(People(), server.EvaluateKey, server.EventsKey);

        Assert.Equal([("allow", ""), ("block", Denied)], before.Select(login => (login.Action, string.Join(' ', login.Steps))));
        Assert.Equal([("unknown", Added), ("unknown", Added)], meanwhile.Select(login => (login.Action, string.Join(' ', login.Steps))));
        Assert.Equal([("allow", ""), ("block", Denied)], after.Select(login => (login.Action, string.Join(' ', login.Steps))));
    }

    [SignInFact]
    public async Task A_key_that_may_only_tell_cannot_ask_and_the_other_way_round_and_one_that_is_none_can_do_neither()
    {
        var server = enforcing.Server;
        var unknown = await SignIns.OneAsync(SignIns.Person(server.Url), "rk-that-was-revoked");
        Assert.Equal(("unknown", "status 401"), (unknown.Action, Reason(unknown)));
        var asked = await SignIns.OneAsync(SignIns.Person(server.Url), server.EventsKey);
        Assert.Equal(("unknown", "status 403"), (asked.Action, Reason(asked)));

        using var told = await SendAsync(server, (await SignIns.OneAsync(SignIns.Person(server.Url), server.EvaluateKey, server.EvaluateKey)).Event!.Value);
        Assert.Equal(HttpStatusCode.Forbidden, told.StatusCode);
    }

    [SignInFact]
    public async Task The_webhook_brings_the_login_and_it_bears_the_id_it_was_asked_about_with()
    {
        var server = enforcing.Server;
        var login = SignIns.Person(server.Url);
        login["now"] = DateTimeOffset.UtcNow.ToString("O");
        var signedIn = await SignIns.OneAsync(login, server.EvaluateKey, server.EventsKey);
        using var told = await SendAsync(server, signedIn.Event!.Value);
        Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);

        var body = signedIn.Event.Value.GetProperty("body");
        Assert.NotEqual(signedIn.RequestId, body.GetProperty("context").GetProperty("http_request").GetProperty("request_id").GetString());
        Assert.Equal(signedIn.RequestId, body.GetProperty("context").GetProperty("auth_method_args").GetProperty("riskengine").GetString());
        using var kept = await server.Admin.GetAsync($"/api/v1/assessments/{body.GetProperty("pk").GetString()}");
        Assert.Equal("42", (await Json.ReadAsync(kept)).GetProperty("subject").GetString());
    }

    [SignInTheory]
    [InlineData("k", null)]
    [InlineData(null, "k")]
    public async Task Without_one_of_the_keys_nothing_is_applied(string? evaluateKey, string? eventsKey)
    {
        var login = Assert.Single(await SignIns.RunAsync([SignIns.Person(new Uri("http://127.0.0.1:1"))], evaluateKey, eventsKey));
        Assert.Equal("not applied", login.End);
    }

    private static string Reason(SignIn login) => Assert.Single(login.Log).GetProperty("reason").GetString()!;

    private static JsonObject Switched(string name) => new() { [name] = true };

    /// <summary>Nothing that authentik writes an event about, and nothing on the person's screen that a stage did not put there.</summary>
    private static void AssertQuiet(SignIn login)
    {
        Assert.Empty(login.Exceptions);
        Assert.Empty(login.Messages);
    }

    private static async Task<HttpResponseMessage> SendAsync(AskedServer server, System.Text.Json.JsonElement webhook)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(webhook.GetProperty("headers").GetProperty("Authorization").GetString()!);
        Assert.Equal(new Uri(server.Url, "/api/v1/events/authentik"), new Uri(webhook.GetProperty("url").GetString()!));
        return await client.PostAsync(webhook.GetProperty("url").GetString(), Json.Text(webhook.GetProperty("body").GetRawText()));
    }
}
