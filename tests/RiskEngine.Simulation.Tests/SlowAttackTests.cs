namespace RiskEngine.Simulation.Tests;

public sealed class SlowAttackTests
{
    [Fact]
    public void A_slow_spray_tries_at_most_nine_times_in_an_hour_from_an_address() => Assert.All(Siege.Campaigns("slow_spray"), campaign =>
    {
        Assert.InRange(campaign.Select(row => row.Address).Distinct().Count(), 1, 12);
        Assert.All(campaign.GroupBy(row => (row.Address, row.Time.Date, row.Time.Hour)), hour => Assert.InRange(hour.Count(), 1, 14));
        Assert.InRange(PerAddressAndHour(campaign), 0, 5);
    });

    [Fact]
    public void Slow_sprays_last_for_days_and_reach_many_names()
    {
        var campaigns = Siege.Campaigns("slow_spray");
        Assert.Contains(campaigns, campaign => campaign[^1].Time - campaign[0].Time > TimeSpan.FromDays(1.5));
        Assert.Contains(campaigns, campaign => campaign.Select(row => row.Subject).Distinct().Count() > 100);
    }

    [Fact]
    public void Some_slow_sprays_stay_under_five_names_in_six_hours_from_an_address() =>
        Assert.Contains(Siege.Campaigns("slow_spray"), campaign => campaign.Length > 30 && campaign
            .GroupBy(row => (row.Address, row.Time.Date, row.Time.Hour / 6)).All(window => window.Select(row => row.Subject).Distinct().Count() <= 10));

    [Fact]
    public void A_distributed_spray_is_one_or_two_tries_an_address_at_a_name_each() => Assert.All(Siege.Campaigns("distributed_spray"), campaign =>
    {
        Assert.True(campaign.Length <= 2.2 * campaign.Select(row => row.Address).Distinct().Count(), $"{campaign.Length} tries");
        Assert.InRange(campaign.Select(row => row.Asn).Distinct().Count(), 1, 10);
        Assert.True(campaign.Select(row => row.Subject).Distinct().Count() > campaign.Length * 0.6);
    });

    [Fact]
    public void Distributed_sprays_use_rented_servers_or_peoples_lines()
    {
        var campaigns = Siege.Campaigns("distributed_spray");
        Assert.Contains(campaigns, campaign => campaign.All(row => row.Organisation.Contains("Hosting")));
        Assert.Contains(campaigns, campaign => campaign.All(row => row.Organisation.Contains("Broadband")));
    }

    private static double PerAddressAndHour(Row[] campaign)
    {
        var hours = Math.Max(1, (campaign[^1].Time - campaign[0].Time).TotalHours);
        return campaign.Length / hours / campaign.Select(row => row.Address).Distinct().Count();
    }
}
