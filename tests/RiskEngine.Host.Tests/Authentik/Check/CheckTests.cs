using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Authentik;
using RiskEngine.Host.Cli;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary><c>authentik check</c> on an authentik that has applied the blueprint, and with one thing after the other gone wrong in it.</summary>
public sealed class CheckTests
{
    private const string Sees = "see_configuration";

    [Fact]
    public async Task An_authentik_with_the_blueprint_in_force_has_no_finding()
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        Assert.All(await LookAsync(live), finding => Assert.True(finding.Ok, finding.Detail));
        Assert.Empty(live.Writes);
    }

    [Fact]
    public async Task With_the_least_rights_it_says_what_it_cannot_see_and_with_an_administrators_token_it_sees_all()
    {
        await using var live = await LiveAuthentik.StartAsync();
        var unseen = (await LookAsync(live)).Where(finding => !finding.Ok).ToList();
        Assert.Equal(["blueprint", "flow", "webhook"], unseen.Select(finding => finding.What));
        Assert.All(unseen, finding => Assert.Contains("cannot be seen with this token", finding.Detail));
        Assert.All(await LookAsync(live, token: LiveAuthentik.AdminToken, isExaminer: true), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Theory]
    [InlineData("2025.10.2", "older than the blueprint was made for")]
    [InlineData("2026.8.0", "takes the last entry of X-Forwarded-For")]
    [InlineData("2026.8.0-rc1", "takes the last entry of X-Forwarded-For")]
    [InlineData("", "no version of authentik")]
    [InlineData("nonsense", "no version of authentik")]
    public async Task An_unfit_version_is_told(string version, string words) => await AssertFindingAsync("version", words, live => live.Version = version);

    [Theory]
    [InlineData("2025.12.0")]
    [InlineData("2026.8.1")]
    [InlineData("2026.11.0")]
    public void A_fit_version_is_none(string version) => Assert.True(AuthentikVersion.Judge(version).Ok);

    [Theory]
    [InlineData("authentik_events.view_event", "too few: authentik_events.view_event is missing")]
    [InlineData("authentik_core.view_user", "too few: authentik_core.view_user is missing")]
    public async Task A_right_that_is_missing_is_told(string right, string words) => await AssertFindingAsync("rights", words, live => live.Applied.Rights.Remove(right));

    [Fact]
    public async Task Groups_that_cannot_be_seen_are_said_and_are_no_finding()
    {
        await using var live = await LiveAuthentik.StartAsync();
        Assert.DoesNotContain("authentik_core.view_group", live.Applied.Rights);
        var findings = await LookAsync(live, token: LiveAuthentik.AdminToken, isExaminer: true);
        Assert.All(findings, finding => Assert.True(finding.Ok, finding.Detail));
        Assert.Contains(findings, finding => finding.Detail.Contains("the switch see_groups of the blueprint is off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("authentik_core.change_user", "The switch deactivate_users of the blueprint grants it")]
    [InlineData("authentik_core.delete_authenticatedsession", "The switch end_sessions of the blueprint grants it")]
    [InlineData("authentik_core.add_user_to_group", "nothing here needs it")]
    [InlineData("authentik_core.delete_user", "nothing here needs it")]
    public async Task A_write_on_every_object_is_told(string right, string words) => await AssertFindingAsync("rights", words, live => live.Applied.Rights.Add(right));

    [Fact]
    public async Task A_write_that_was_switched_on_is_no_finding()
    {
        await using var live = await LiveAuthentik.StartAsync(Sees, "end_sessions", "add_events");
        Assert.Equal(2, (await LookAsync(live)).Count(finding => !finding.Ok));
        Assert.All(await LookAsync(live, switches: ["end_sessions", "add_events"]), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Fact]
    public async Task What_is_done_at_authentik_needs_its_right_and_makes_it_no_finding()
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        Assert.Contains("Apply the blueprint with end_sessions", Assert.Single(await LookAsync(live, needed: ["end_sessions"]), finding => !finding.Ok).Detail);
        await using var acting = await LiveAuthentik.StartAsync(Sees, "end_sessions");
        Assert.All(await LookAsync(acting, needed: ["end_sessions"]), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Fact]
    public async Task Sessions_that_are_polled_need_a_right_of_their_own()
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        Assert.Contains("set sources.authentik.sessions: false", Assert.Single(await LookAsync(live, isPollingSessions: true), finding => !finding.Ok).Detail);
        await using var seeing = await LiveAuthentik.StartAsync(Sees, "see_sessions");
        Assert.All(await LookAsync(seeing, isPollingSessions: true), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Fact]
    public async Task An_account_whose_roles_are_not_told_is_looked_up_or_said_not_to_be_seen()
    {
        await using var live = await LiveAuthentik.StartAsync();
        live.Applied.Account["roles"] = new JsonArray();
        Assert.Contains("it lacks authentik_rbac.view_role", Assert.Single(await LookAsync(live), finding => finding is { Ok: false, What: "rights" }).Detail);
        await using var seeing = await LiveAuthentik.StartAsync(Sees);
        seeing.Applied.Account["roles"] = new JsonArray();
        Assert.All(await LookAsync(seeing), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Fact]
    public async Task A_superusers_token_in_the_configuration_is_told() => await AssertFindingAsync("rights", "the account is a superuser", live => live.Applied.Account["is_superuser"] = true);

    [Fact]
    public async Task A_persons_token_is_told() => await AssertFindingAsync("rights", "the account is a person's", live => live.Applied.Account["type"] = "internal");

    [Fact]
    public async Task A_missing_group_is_told() =>
        await AssertFindingAsync("rights", "the group risk-high is not there", live => live.Applied.Tables["core/groups"].RemoveAll(group => (string?)group["name"] == "risk-high"));

    [Theory]
    [InlineData("255.255.255.255", "have no address or 255.255.255.255")]
    [InlineData(null, "have no address or 255.255.255.255")]
    [InlineData("172.18.0.1", "came from 172.18.0.1, a private address: that is a proxy")]
    [InlineData("203.0.113.80", "came from 203.0.113.80: that is a proxy")]
    public async Task Everybody_at_one_address_is_told(string? address, string words)
    {
        await AssertFindingAsync("addresses", words, live => live.Events.ForEach(item => item["client_ip"] = address));
        await AssertFindingAsync("addresses", "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS", live => live.Events.ForEach(item => item["client_ip"] = address));
    }

    [Fact]
    public async Task Two_container_addresses_for_everybody_are_told()
    {
        var count = 0;
        await AssertFindingAsync("addresses", "they look like proxies", live => live.Events.ForEach(item => item["client_ip"] = count++ % 2 == 0 ? "10.0.0.2" : "10.0.0.3"));
    }

    [Fact]
    public void A_fleet_on_private_addresses_and_a_few_logins_at_one_are_no_finding()
    {
        Assert.True(ClientAddresses.Judge([.. Enumerable.Range(0, 40).Select(i => $"10.0.0.{i % 8}")]).Ok);
        Assert.True(ClientAddresses.Judge([.. Enumerable.Repeat("10.0.0.1", 9)]).Ok);
        Assert.False(ClientAddresses.Judge([.. Enumerable.Repeat("10.0.0.1", 10)]).Ok);
    }

    [Fact]
    public async Task An_authentik_without_the_blueprint_is_told() => await AssertFindingAsync("blueprint", "authentik does not have it", live => live.Applied.Tables["managed/blueprints"].Clear());

    [Fact]
    public async Task A_blueprint_that_failed_is_told() => await AssertFindingAsync("blueprint", "it was not applied (status error)", live => live.Applied.Of("managed/blueprints", "RiskEngine")["status"] = "error");

    [Fact]
    public async Task A_blueprint_that_is_disabled_is_told() => await AssertFindingAsync("blueprint", "it is disabled", live => live.Applied.Of("managed/blueprints", "RiskEngine")["enabled"] = false);

    [Fact]
    public async Task An_old_blueprint_is_told() =>
        await AssertFindingAsync("blueprint", "it is of revision '0'", live => live.Applied.Of("managed/blueprints", "RiskEngine")["metadata"]!["labels"]!["riskengine/revision"] = "0");

    [Fact]
    public async Task Two_blueprints_are_told() => await AssertFindingAsync("blueprint", "authentik has it 2 times", live => live.Applied.Tables["managed/blueprints"].Add((JsonObject)live.Applied.Of("managed/blueprints", "RiskEngine").DeepClone()));

    [Fact]
    public async Task A_flow_that_is_not_there_is_told() => await AssertFindingAsync("flow", "there is no flow", live => live.Applied.Tables["flows/instances"].Clear());

    [Theory]
    [InlineData("riskengine-deny")]
    [InlineData("riskengine-second-factor")]
    public async Task A_stage_that_is_not_bound_is_told(string stage) => await AssertFindingAsync("flow", $"the stage {stage} is not bound", live => live.Applied.Tables["flows/bindings"].Remove(Binding(live, stage)));

    [Theory]
    [InlineData("riskengine-deny", "DENIES EVERYBODY")]
    [InlineData("riskengine-second-factor", "asked of everybody")]
    public async Task A_stage_without_a_policy_is_told(string stage, string words) => await AssertFindingAsync("flow", words, live => PolicyOf(live, stage)["enabled"] = false);

    [Theory]
    [InlineData("default-authentication-login", 20, "the stage riskengine-deny has order 25 and the login stage 20: people are in before it has a say")]
    [InlineData("default-authentication-login", 25, "the stage riskengine-deny has order 25 and the login stage 25")]
    [InlineData("default-authentication-login", 30, "the stage riskengine-second-factor has order 35 and the login stage 30")]
    [InlineData("riskengine-deny", 110, "the stage riskengine-deny has order 110 and the login stage 100")]
    [InlineData("default-authentication-password", 28, "the stage riskengine-deny has order 25 and the password stage 28: it has its say before a password was given")]
    [InlineData("riskengine-second-factor", 24, "the challenge knows no answer")]
    public async Task A_stage_in_the_wrong_place_is_told(string stage, int order, string words) => await AssertFindingAsync("flow", words, live => Binding(live, stage)["order"] = order);

    [Theory]
    [InlineData("riskengine-deny", "riskengine-block")]
    [InlineData("riskengine-second-factor", "riskengine-challenge")]
    public async Task A_policy_that_is_negated_or_another_ones_is_told(string stage, string policy)
    {
        await AssertFindingAsync("flow", $"the policy {policy} is negated at {stage}", live => PolicyOf(live, stage)["negate"] = true);
        await AssertFindingAsync("flow", $"the policy {policy} is not bound to {stage}", live => PolicyOf(live, stage)["policy_obj"]!["name"] = "default-authentication-flow-password-stage");
    }

    [Theory]
    [InlineData("riskengine-deny", true, "when it breaks, everybody is denied")]
    [InlineData("riskengine-second-factor", false, "when it breaks, nobody is challenged")]
    public async Task A_failure_result_the_wrong_way_round_is_told(string stage, bool result, string words) => await AssertFindingAsync("flow", words, live => PolicyOf(live, stage)["failure_result"] = result);

    [Theory]
    [InlineData("riskengine-deny")]
    [InlineData("riskengine-second-factor")]
    [InlineData("default-authentication-mfa-validation")]
    public async Task An_engine_mode_of_any_is_told(string stage)
    {
        await using var live = await LiveAuthentik.StartAsync(Sees, "second_factor_only_when_risky");
        Binding(live, stage)["policy_engine_mode"] = "any";
        Assert.Contains($"the binding of {stage} has policy engine mode 'any'", Assert.Single(await LookAsync(live), finding => !finding.Ok).Detail);
    }

    [Fact]
    public async Task A_stage_judged_before_the_name_is_known_is_told() => await AssertFindingAsync("flow", "before anybody's name is known", live => Binding(live, "riskengine-deny")["evaluate_on_plan"] = true);

    [Theory]
    [InlineData("not_configured_action", "skip", "walks through")]
    [InlineData("not_configured_action", "configure", "so may a thief of the password")]
    [InlineData("last_auth_threshold", "hours=8", "given within hours=8 counts")]
    public async Task A_second_factor_that_can_be_passed_by_is_told(string field, string value, string words) =>
        await AssertFindingAsync("flow", words, live => live.Applied.Of("stages/authenticator/validate", "riskengine-second-factor")[field] = value);

    [Theory]
    [InlineData("mode", "webhook_slack", "mode is not 'webhook'")]
    [InlineData("webhook_url", "https://risk.example.org/api/v1/events", "does not end in /api/v1/events/authentik")]
    [InlineData("webhook_mapping_body", null, "has no body mapping")]
    [InlineData("webhook_mapping_headers", null, "has no header mapping")]
    public async Task A_transport_that_cannot_work_is_told(string field, string? value, string words) => await AssertFindingAsync("webhook", words, live => live.Applied.Of("events/transports", "riskengine")[field] = value);

    [Fact]
    public async Task A_transport_that_sends_to_every_member_is_told() => await AssertFindingAsync("webhook", "once for each member", live => live.Applied.Of("events/transports", "riskengine")["send_once"] = false);

    [Fact]
    public async Task A_transport_that_is_gone_is_told() => await AssertFindingAsync("webhook", "there is no transport", live => live.Applied.Tables["events/transports"].Clear());

    [Fact]
    public async Task A_rule_with_another_transport_an_empty_group_or_no_matcher_is_told()
    {
        await AssertFindingAsync("webhook", "does not use the transport", live => live.Applied.Of("events/rules", "riskengine")["transports"] = new JsonArray());
        await AssertFindingAsync("webhook", "group has no member", live => live.Applied.Of("events/rules", "riskengine")["destination_group_obj"]!["users"] = new JsonArray());
        await AssertFindingAsync("webhook", "a rule without one never fires", live => live.Applied.Tables["policies/bindings"].RemoveAll(policy => (string?)policy["target"] == live.Applied.Key("rule")));
    }

    [Fact]
    public async Task Nothing_that_brings_events_is_told_unless_they_are_polled()
    {
        await AssertFindingAsync("webhook", "RiskEngine hears of no login", live => live.Applied.Tables["events/rules"].Clear());
        await using var live = await LiveAuthentik.StartAsync(Sees);
        live.Applied.Tables["events/rules"].Clear();
        Assert.All(await LookAsync(live, isPolling: true), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Theory]
    [InlineData("policy_exception")]
    [InlineData("property_mapping_exception")]
    [InlineData("system_task_exception")]
    public async Task What_authentik_wrote_of_failures_is_told(string action)
    {
        await AssertFindingAsync("exceptions", $"({action})", live => live.Events.Add(LiveAuthentik.Event(action, null, new JsonObject { ["message"] = "Failed: riskengine" })));
        await using var other = await LiveAuthentik.StartAsync(Sees);
        other.Events.Add(LiveAuthentik.Event(action, null, new JsonObject { ["message"] = "something else" }));
        Assert.All(await LookAsync(other), finding => Assert.True(finding.Ok, finding.Detail));
    }

    [Fact]
    public async Task What_does_not_answer_as_authentik_does_is_unreachable_and_a_refused_token_is_told()
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        Assert.Equal(ExitCode.Failed, (await Assert.ThrowsAsync<CommandFailure>(() => LookAsync(live, token: "wrong"))).Code);
        foreach (var answer in new Func<HttpContext, Task>[]
        {
            context => context.Response.WriteAsync("<html>sign in</html>"),
            context => context.Response.WriteAsJsonAsync(new[] { 1 }),
            context => Task.Run(() => context.Response.StatusCode = 502),
            context => Task.Run(() => context.Response.Redirect("https://elsewhere.example.org")),
            context => Task.Run(context.Abort),
        })
        {
            live.Instead = answer;
            Assert.Equal(ExitCode.Unreachable, (await Assert.ThrowsAsync<CommandFailure>(() => LookAsync(live))).Code);
        }
    }

    internal static async Task<IReadOnlyList<AuthentikFinding>> LookAsync(
        LiveAuthentik live, string token = LiveAuthentik.ServiceToken, bool isExaminer = false, bool isPolling = false, bool isPollingSessions = false, string[]? switches = null, string[]? needed = null,
        Uri? through = null)
    {
        using var http = new OutboundClient(new OutboundTarget { Rules = new OutboundRules() }, TimeProvider.System);
        var scope = new AuthentikCheckScope
        {
            Flow = "default-authentication-flow",
            IsExaminer = isExaminer,
            IsPolling = isPolling,
            IsPollingSessions = isPollingSessions,
            NeededSwitches = needed ?? [],
            Switches = switches ?? [],
        };
        return await new AuthentikCheck(new AuthentikApi(http, through ?? live.Url, token), scope).RunAsync(CancellationToken.None);
    }

    /// <summary>That this, gone wrong alone, is told of, and nothing else is.</summary>
    private static async Task AssertFindingAsync(string what, string words, Action<LiveAuthentik> wrong)
    {
        await using var live = await LiveAuthentik.StartAsync(Sees);
        wrong(live);
        var told = (await LookAsync(live)).Where(finding => !finding.Ok).ToList();
        Assert.Contains(told, finding => finding.What == what && finding.Detail.Contains(words, StringComparison.Ordinal));
    }

    private static JsonObject Binding(LiveAuthentik live, string stage) => live.Applied.Tables["flows/bindings"].Single(binding => (string?)binding["stage_obj"]!["name"] == stage);

    private static JsonObject PolicyOf(LiveAuthentik live, string stage) =>
        live.Applied.Tables["policies/bindings"].Single(policy => (string?)policy["target"] == (string?)Binding(live, stage)["policybindingmodel_ptr_id"]);
}
