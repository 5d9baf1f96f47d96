using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Simulation.Tests;

public sealed class IncidentRefereeTests
{
    private static readonly AttackLabel First = new("spray", 1), Second = new("spray", 2), Missed = new("takeover", 3);

    private readonly IncidentReferee _referee = new();

    [Fact]
    public void A_campaign_in_two_incidents_counts_twice_until_they_are_one()
    {
        _referee.Observe(First, isLogin: false, "a", isHit: false);
        _referee.Observe(First, isLogin: false, "b", isHit: false);
        _referee.Observe(Second, isLogin: false, "b", isHit: false);
        Assert.Equal(1.5, _referee.Report().Attacks[0].IncidentsPerCampaign);
        _referee.Merge("a", "b");
        var report = _referee.Report();
        Assert.Equal((1.0, 1, 2), (report.Attacks[0].IncidentsPerCampaign, report.Incidents, report.CampaignsInIncidents));
    }

    [Fact]
    public void How_much_of_a_campaign_is_together_and_who_else_is_there_is_asked_of_its_largest_incident()
    {
        for (var i = 0; i < 3; i++) _referee.Observe(First, isLogin: false, "a", isHit: false);
        _referee.Observe(First, isLogin: false, "b", isHit: false);
        for (var i = 0; i < 9; i++) _referee.Observe(null, isLogin: false, "b", isHit: false);
        _referee.Observe(Second, isLogin: false, "a", isHit: false);
        var spray = Assert.Single(_referee.Report().Attacks);
        Assert.Equal((4.0 / 5, 1 - (4.0 / 8)), (spray.Together, spray.Strangers));
        _referee.Merge("a", "b");
        spray = Assert.Single(_referee.Report().Attacks);
        Assert.Equal((1.0, 1 - (5.0 / 28)), (spray.Together, spray.Strangers));
    }

    [Fact]
    public void A_campaign_that_is_in_no_incident_counts_as_not_found()
    {
        _referee.Observe(Missed, isLogin: true, incident: null, isHit: false);
        var figures = Assert.Single(_referee.Report().Attacks);
        Assert.Equal((1, 0, null), (figures.Campaigns, figures.CampaignsFound, figures.IncidentsPerCampaign));
    }

    [Fact]
    public void Purity_and_hits_are_shares_of_what_incidents_hold()
    {
        for (var i = 0; i < 9; i++) _referee.Observe(First, isLogin: i == 0, "a", isHit: i == 0);
        _referee.Observe(null, isLogin: true, "a", isHit: true);
        var report = _referee.Report();
        Assert.Equal((0.9, 0.5), (report.Purity, report.HitPrecision));
    }

    [Fact]
    public void Incidents_without_an_attacker_are_told_for_ten_thousand_honest_logins()
    {
        for (var i = 0; i < 4_999; i++) _referee.Observe(null, isLogin: true, incident: null, isHit: false);
        _referee.Observe(null, isLogin: true, "a", isHit: true);
        _referee.Observe(null, isLogin: false, "b", isHit: false);
        Assert.Equal(4, _referee.Report().HonestIncidentsPer10000);
    }

    [Fact]
    public void Nothing_observed_has_no_shares()
    {
        var report = _referee.Report();
        Assert.Equal((null, null, null), (report.Purity, report.HitPrecision, report.HonestIncidentsPer10000));
    }
}
