using RiskEngine.Testing;

namespace RiskEngine.Simulation.Tests;

public sealed class AttackTests
{
    private static readonly Row[] Week = Traffic.Read(Traffic.Bytes(new SimulationSettings { Users = 400, Days = 6, Seed = 3 }));

    public static TheoryData<string> Attacks => [.. SimulationSettings.AllAttacks];

    [Theory, MemberData(nameof(Attacks))]
    public void Two_hundred_people_and_three_days_see_every_attack(string attack) => Assert.Contains(Traffic.Small, row => row.Label?.Attack == attack);

    [Theory, MemberData(nameof(Attacks))]
    public void A_single_day_sees_every_attack_after_a_quiet_start(string attack)
    {
        var settings = new SimulationSettings { Users = 100, Days = 1, Attacks = [attack] };
        var labelled = Traffic.Read(Traffic.Bytes(settings)).Where(row => row.Label is not null).ToArray();
        Assert.NotEmpty(labelled);
        Assert.All(labelled, row => Assert.True(row.Label!.Attack == attack && row.Time >= settings.Start.AddHours(6)));
    }

    [Theory, MemberData(nameof(Attacks))]
    public void Every_attack_stands_in_the_documents(string attack) =>
        Assert.Contains($"| `{attack}` |", File.ReadAllText(RepositoryRoot.Path("docs", "simulation.md")));

    [Fact]
    public void Brute_force_is_one_address_at_one_subject() => Assert.All(Campaigns("brute_force"), campaign =>
    {
        Assert.Single(campaign.Select(row => (row.Address, row.Subject)).Distinct());
        Assert.All(campaign, row => Assert.Equal("login_failed", row.Kind));
    });

    [Fact]
    public void A_spray_is_a_few_addresses_at_many_names_of_both_sorts() => Assert.All(Campaigns("spray"), campaign =>
    {
        Assert.InRange(campaign.Select(row => row.Address).Distinct().Count(), 1, 4);
        Assert.True(campaign.Select(row => row.Subject).Distinct().Count() >= 60);
        Assert.Contains(campaign, row => row.IsKnown);
        Assert.Contains(campaign, row => row.Reason == "unknown_user");
    });

    [Fact]
    public void Stuffing_is_many_addresses_of_few_networks_and_mostly_unknown_names() => Assert.All(Campaigns("stuffing"), campaign =>
    {
        Assert.True(campaign.Select(row => row.Address).Distinct().Count() >= 15);
        Assert.InRange(campaign.Select(row => row.Asn).Distinct().Count(), 1, 3);
        Assert.True(campaign.Count(row => !row.IsKnown) > campaign.Length * 0.75);
    });

    [Fact]
    public void Stuffing_finds_some_passwords()
    {
        var events = Campaigns("stuffing").SelectMany(campaign => campaign).ToArray();
        Assert.InRange((double)events.Count(row => row.Kind == "login") / events.Length, 0.004, 0.03);
    }

    [Fact]
    public void Distributed_brute_force_is_one_subject_and_an_address_a_guess_without_success() => Assert.All(Campaigns("distributed_brute_force"), campaign =>
    {
        Assert.Single(campaign.Select(row => row.Subject).Distinct());
        Assert.Equal(campaign.Length, campaign.Select(row => row.Address).Distinct().Count());
        Assert.All(campaign, row => Assert.Equal("login_failed", row.Kind));
    });

    [Fact]
    public void Distributed_brute_force_uses_more_than_a_hundred_addresses() =>
        Assert.Contains(Campaigns("distributed_brute_force"), campaign => campaign.Length >= 100);

    [Fact]
    public void A_takeover_succeeds_at_once_an_hour_or_more_after_the_victim_with_another_device() => Assert.All(Intrusions("takeover"), row =>
    {
        var own = Week.Where(other => other.IsHonestLogin && other.Subject == row.Subject).ToArray();
        Assert.Contains(own, other => other.Time <= row.Time.AddHours(-1));
        Assert.All(own, other => Assert.True(row.Device is null || row.Device != other.Device));
    });

    [Fact]
    public void Some_takeovers_come_from_the_victims_own_country()
    {
        var home = Week.Where(row => row.IsHonestLogin).GroupBy(row => row.Subject).ToDictionary(group => group.Key, group => group.First().Country);
        var takeovers = Intrusions("takeover");
        var domestic = takeovers.Count(row => home[row.Subject] == row.Country);
        Assert.InRange((double)domestic / takeovers.Length, 0.05, 0.5);
    }

    [Fact]
    public void Impossible_travel_is_another_continent_within_two_hours() => Assert.All(Intrusions("impossible_travel"), row =>
    {
        var before = Week.Where(other => other.IsHonestLogin && other.Subject == row.Subject && other.Time < row.Time && other.Time > row.Time.AddHours(-2.01));
        Assert.Contains(before, other => Traffic.Kilometres(other, row) > 4800);
    });

    [Fact]
    public void Attackers_share_addresses_with_honest_people_and_with_each_other()
    {
        var honest = Week.Where(row => row.Label is null && row.Address is not null).Select(row => row.Address).ToHashSet();
        Assert.True(Week.Where(row => row.Label is not null && honest.Contains(row.Address)).Select(row => row.Address).Distinct().Count() >= 20);
        Assert.Contains(
            Week.Where(row => row.Label is not null).GroupBy(row => row.Address),
            group => group.Select(row => row.Label!.Campaign).Distinct().Count() >= 3);
    }

    [Fact]
    public void Intensity_multiplies_campaigns()
    {
        var settings = new SimulationSettings { Users = 100, Days = 4, Attacks = ["takeover"] };
        static int Count(SimulationSettings settings) =>
            Traffic.Read(Traffic.Bytes(settings)).Where(row => row.Label is not null).Select(row => row.Label!.Campaign).Distinct().Count();
        Assert.True(Count(settings with { AttackIntensity = 5 }) > 3 * Count(settings));
    }

    private static Row[] Intrusions(string attack) => [.. Campaigns(attack).SelectMany(campaign => campaign).Where(row => row.Kind == "login")];

    private static Row[][] Campaigns(string attack)
    {
        var campaigns = Week.Where(row => row.Label?.Attack == attack).GroupBy(row => row.Label!.Campaign).Select(group => group.ToArray()).ToArray();
        Assert.NotEmpty(campaigns);
        return campaigns;
    }
}
