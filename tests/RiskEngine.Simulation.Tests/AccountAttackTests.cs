using RiskEngine.Core.Facts;
using RiskEngine.Simulation.Attacks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Tests;

public sealed class AccountAttackTests
{
    [Fact]
    public void A_dormant_account_was_last_used_three_months_before_and_not_since_by_its_owner() => Assert.All(Siege.Campaigns("dormant_account"), campaign =>
    {
        Assert.Single(campaign.Select(row => row.Subject).Distinct());
        Assert.NotEmpty(Siege.Honest(campaign[0].Subject));
        Assert.All(Siege.Honest(campaign[0].Subject), row => Assert.True(row.Time < campaign[0].Time.AddDays(-90)));
        Assert.Contains(campaign, row => row.Kind == "login");
    });

    [Fact]
    public void A_reactivation_comes_before_the_logins_and_is_the_only_honest_looking_part_of_it() => Assert.All(Siege.Campaigns("reactivation"), campaign =>
    {
        Assert.Equal("account_reactivated", campaign[0].Kind);
        Assert.Null(campaign[0].Address);
        Assert.All(Siege.Honest(campaign[0].Subject), row => Assert.True(row.Time < campaign[0].Time.AddDays(-90)));
        Assert.All(campaign[1..], row => Assert.NotEqual("account_reactivated", row.Kind));
    });

    [Fact]
    public void Reactivated_accounts_are_used_from_elsewhere_within_the_day() =>
        Assert.True(Siege.Campaigns("reactivation").Count(campaign => campaign.Any(row => row.Kind == "login" && row.Time < campaign[0].Time.AddHours(8))) >= 5);

    [Fact]
    public void A_look_alike_is_made_before_it_logs_in_and_is_no_account_of_the_directory() => Assert.All(Siege.Campaigns("look_alike"), campaign =>
    {
        Assert.Equal("account_created", campaign[0].Kind);
        Assert.Empty(Siege.Honest(campaign[0].Subject));
        Assert.DoesNotContain(Siege.Rows, row => row.IsKnown && row.Label is null && row.Name == campaign[0].Name);
    });

    [Fact]
    public void Look_alikes_are_named_like_people_and_like_machines()
    {
        var names = Siege.Campaigns("look_alike").Select(campaign => campaign[0].Name).ToArray();
        Assert.Contains(names, name => name.Contains("svc") || name.Contains("v\u0441") || name.StartsWith('\u0455') || name.StartsWith('5'));
        Assert.Contains(names, name => !name.Contains("vc"));
        Assert.Contains(names, name => !name.All(char.IsAscii));
        Assert.Contains(names, name => name.All(char.IsAscii));
    }

    [Theory, InlineData("jane.doe"), InlineData("svc-backup-1"), InlineData("oleg.o")]
    public void A_look_alike_name_is_another_name_of_about_the_same_length(string name)
    {
        var random = new SeededRandom(5);
        for (var i = 0; i < 500; i++)
        {
            var other = LookAlikeNames.Of(name, random);
            Assert.NotEqual(name, other);
            Assert.InRange(other.Length, name.Length - 1, name.Length + 1);
        }
    }

    [Fact]
    public void A_misused_service_account_has_worked_elsewhere_and_is_entered_by_hand_or_by_program()
    {
        var campaigns = Siege.Campaigns("service_account_misuse");
        Assert.All(campaigns, campaign => Assert.All(campaign, row => Assert.True(row.IsService)));
        Assert.All(campaigns, campaign => Assert.DoesNotContain(Siege.Honest(campaign[0].Subject), row => row.Address == campaign[0].Address));
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "login" && row.UserAgent!.Contains("Mozilla")));
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "login" && !row.UserAgent!.Contains("Mozilla")));
    }

    [Fact]
    public void Persistence_adds_a_factor_or_changes_the_password_within_the_hour_of_a_login() => Assert.All(Siege.Campaigns("persistence"), campaign =>
    {
        Assert.Equal("login", campaign[0].Kind);
        Assert.Single(campaign.Select(row => (row.Session, row.Address)).Distinct());
        Assert.All(campaign, row => Assert.True(row.Time - campaign[0].Time <= TimeSpan.FromHours(1)));
    });

    [Fact]
    public void Taken_over_administrators_become_others_and_nobody_else_does()
    {
        var campaigns = Siege.Campaigns("persistence");
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "impersonation_started"));
        Assert.Contains(campaigns, campaign => campaign.All(row => row.Kind != "impersonation_started"));
        Assert.All(Siege.Rows.Where(row => row.Kind == "impersonation_started"), row => Assert.Contains("admins", row.Groups));
    }

    [Fact]
    public void Decoys_are_guessed_at_a_few_times_and_never_by_honest_people()
    {
        // The stream ends in the middle of those that begin on its last day.
        var end = Siege.Rows[^1].Time.AddDays(-1);
        var campaigns = Siege.Campaigns("decoy_probe").Where(campaign => campaign[0].Time < end).ToArray();
        Assert.NotEmpty(campaigns);
        Assert.All(campaigns, campaign =>
        {
            Assert.All(campaign, row => Assert.Equal("login_failed", row.Kind));
            Assert.InRange(campaign.Length, 2, 14);
            Assert.Contains(campaign, row => DecoyProbe.Decoys.Contains(row.Name));
        });
        var decoys = campaigns.SelectMany(campaign => campaign).Where(row => DecoyProbe.Decoys.Contains(row.Name)).ToArray();
        Assert.Contains(decoys, row => row.IsKnown);
        Assert.Contains(decoys, row => !row.IsKnown);
        Assert.DoesNotContain(Siege.Rows, row => row.Label is null && DecoyProbe.Decoys.Contains(row.Name));
    }

    [Fact]
    public void A_forged_browser_is_another_one_each_time_and_sometimes_gets_in()
    {
        var campaigns = Siege.Campaigns("forged_browser");
        Assert.All(campaigns, campaign => Assert.All(campaign, row => Assert.Null(row.Device)));
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "login"));
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "login_failed"));
        var contradicting = campaigns.SelectMany(campaign => campaign).GroupBy(row => UserAgentParser.Parse(System.Text.Encoding.UTF8.GetBytes(row.UserAgent!)).Contradiction).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(4, contradicting.Count);
        Assert.InRange(contradicting[UserAgentContradiction.None], campaigns.Sum(campaign => campaign.Length) * 0.5, campaigns.Sum(campaign => campaign.Length) * 0.7);
    }

    [Fact]
    public void Honest_browsers_do_not_contradict_themselves() =>
        Assert.DoesNotContain(Siege.Rows, row => row is { Label: null, UserAgent: not null } && UserAgentParser.Parse(System.Text.Encoding.UTF8.GetBytes(row.UserAgent)).Contradiction != UserAgentContradiction.None);
}
