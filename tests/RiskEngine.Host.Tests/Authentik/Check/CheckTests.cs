using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskEngine.Host.Authentik;
using RiskEngine.Host.Cli;
using static RiskEngine.Host.Tests.Authentik.Check.CheckedAuthentik;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary><c>authentik check</c> on an authentik that has applied the blueprint: its version, the rights of its account, the addresses it records and what it wrote of failures.</summary>
public sealed class CheckTests
{
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
}
