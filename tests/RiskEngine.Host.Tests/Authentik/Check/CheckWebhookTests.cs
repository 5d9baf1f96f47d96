using System.Text.Json.Nodes;
using static RiskEngine.Host.Tests.Authentik.Check.CheckedAuthentik;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary><c>authentik check</c> on a transport and a rule of notifications in which one thing after the other has gone wrong.</summary>
public sealed class CheckWebhookTests
{
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
}
