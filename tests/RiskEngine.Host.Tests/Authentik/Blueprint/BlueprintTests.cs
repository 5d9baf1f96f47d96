using System.Security.Cryptography;
using System.Text;
using RiskEngine.Host.Authentik;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>What must hold of the blueprint whatever authentik's version: who may what, and what follows where something is left out.</summary>
public sealed class BlueprintTests
{
    private static readonly string[] Least = ["authentik_core.view_user", "authentik_events.view_event"];

    [Fact]
    public void Every_reference_leads_to_an_entry_above_it_that_is_applied_too()
    {
        foreach (var file in BlueprintFile.All)
        {
            HashSet<string?> seen = [];
            foreach (var entry in file.Entries)
            {
                Assert.All(entry.References, reference => Assert.Contains(reference.Id, seen));
                if (entry.Id is not null) Assert.True(seen.Add(entry.Id), entry.Id);
            }
        }
    }

    [Fact]
    public void By_itself_it_grants_no_write_but_to_one_group()
    {
        Assert.Equal(Least, Global(BlueprintFile.Default));
        foreach (var file in BlueprintFile.All)
        {
            var group = Assert.Single(file.Entries, entry => entry.Permissions.Count > 0);
            Assert.Equal("risk-high", group.Identifiers["name"]);
            Assert.Equal(
                ["authentik_core.view_group", "authentik_core.add_user_to_group", "authentik_core.remove_user_from_group"],
                group.Permissions.Select(permission => permission["permission"]));
            Assert.All(group.Permissions, permission => Assert.Equal(new KeyOf("role"), permission["role"]));
        }
    }

    [Theory]
    [InlineData("see_groups", "authentik_core.view_group")]
    [InlineData("see_sessions", "authentik_core.view_authenticatedsession")]
    [InlineData("end_sessions", "authentik_core.delete_authenticatedsession", "authentik_core.view_authenticatedsession")]
    [InlineData("deactivate_users", "authentik_core.change_user")]
    [InlineData("delete_reputation", "authentik_policies_reputation.delete_reputation", "authentik_policies_reputation.view_reputation")]
    [InlineData("add_events", "authentik_events.add_event")]
    public void A_switch_grants_what_it_names_and_nothing_else(string name, params string[] rights) => Assert.Equal(rights.Order(), Global(BlueprintFile.Switched(name)).Except(Least));

    [Theory]
    [InlineData("see_configuration")]
    [InlineData("ask_before_password")]
    [InlineData("second_factor_only_when_risky")]
    [InlineData("send_events")]
    public void The_other_switches_grant_no_write(string name) =>
        Assert.All(Global(BlueprintFile.Switched(name)), right => Assert.StartsWith("view_", right[(right.IndexOf('.', StringComparison.Ordinal) + 1)..]));

    [Fact]
    public void Every_switch_is_in_one_of_the_two_tests_above()
    {
        var named = new[] { nameof(A_switch_grants_what_it_names_and_nothing_else), nameof(The_other_switches_grant_no_write) }
            .SelectMany(test => typeof(BlueprintTests).GetMethod(test)!.GetCustomAttributesData())
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[0].Value);
        Assert.Equal(BlueprintFile.Switches.Order(), named.Cast<string>().Order());
    }

    [Fact]
    public void Nobody_becomes_a_superuser_and_the_account_is_in_one_group_with_one_role()
    {
        foreach (var file in BlueprintFile.All)
        {
            Assert.DoesNotContain(file.Entries, entry => entry.Values.Any(pair => pair.Key is "is_superuser" or "password" or "key"));
            Assert.Equal([new KeyOf("group")], (List<object?>)file["user"].Attributes["groups"]!);
            Assert.Equal([new KeyOf("role")], (List<object?>)file["group"].Attributes["roles"]!);
            Assert.Single(file.Of("authentik_rbac.role"));
            Assert.Equal(2, file.Of("authentik_core.group").Count());
        }
    }

    /// <summary>A stage without a policy is shown to everybody: one that denies would lock everybody out.</summary>
    [Fact]
    public void No_stage_is_bound_without_a_policy_and_all_of_its_policies_must_pass()
    {
        foreach (var file in BlueprintFile.All)
        {
            foreach (var binding in file.Of("authentik_flows.flowstagebinding"))
            {
                Assert.Equal(("all", true, false), (binding.Attributes["policy_engine_mode"], binding.Attributes["re_evaluate_policies"], binding.Attributes["evaluate_on_plan"]));
                var policy = Assert.Single(file.Of("authentik_policies.policybinding"), bound => Equals(bound.Identifiers["target"], new KeyOf(binding.Id!)));
                Assert.Equal((true, false), (policy.Attributes["enabled"], policy.Attributes["negate"]));
                // To deny fails open, to ask for a factor fails closed.
                Assert.Equal(!binding.Id!.StartsWith("binding-deny", StringComparison.Ordinal), policy.Attributes["failure_result"]);
            }
        }
    }

    [Fact]
    public void A_challenged_person_cannot_set_up_a_factor_of_their_own()
    {
        var stage = BlueprintFile.Default["stage-challenge"].Attributes;
        Assert.Equal("deny", stage["not_configured_action"]);
        Assert.Equal("seconds=0", stage["last_auth_threshold"]);
        Assert.False(stage.ContainsKey("configuration_stages"));
    }

    [Fact]
    public void A_login_waits_a_second_by_itself() => Assert.Equal(1L, BlueprintFile.Default.Context["wait_seconds"]);

    [Fact]
    public void The_document_tells_every_value_that_can_be_set()
    {
        var page = File.ReadAllText(RepositoryRoot.Path("docs", "authentik.md"));
        Assert.DoesNotContain(BlueprintFile.Default.Context.Keys, key => !page.Contains($"`{key}`", StringComparison.Ordinal));
    }

    /// <summary>By its revision <c>authentik check</c> tells an old blueprint from this one: whoever changes the file counts on, here and there.</summary>
    [Fact]
    public void The_revision_counts_on_with_the_file()
    {
        const string Known = "3 A8FE";
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(BlueprintFile.Text.ReplaceLineEndings("\n"))));
        Assert.Equal(Known, $"{BlueprintText.Embedded.Revision} {digest[..4]}");
    }

    private static string[] Global(BlueprintFile file) => [.. ((List<object?>)file["role"].Attributes["permissions"]!).Cast<string>().Distinct().Order(StringComparer.Ordinal)];
}
