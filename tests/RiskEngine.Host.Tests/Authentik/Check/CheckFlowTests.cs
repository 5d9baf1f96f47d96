using System.Text.Json.Nodes;
using static RiskEngine.Host.Tests.Authentik.Check.CheckedAuthentik;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary><c>authentik check</c> on a blueprint and a flow in which one thing after the other has gone wrong.</summary>
public sealed class CheckFlowTests
{
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

    private static JsonObject Binding(LiveAuthentik live, string stage) => live.Applied.Tables["flows/bindings"].Single(binding => (string?)binding["stage_obj"]!["name"] == stage);

    private static JsonObject PolicyOf(LiveAuthentik live, string stage) =>
        live.Applied.Tables["policies/bindings"].Single(policy => (string?)policy["target"] == (string?)Binding(live, stage)["policybindingmodel_ptr_id"]);
}
