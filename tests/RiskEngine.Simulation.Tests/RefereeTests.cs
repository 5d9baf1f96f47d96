using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Simulation.Tests;

public sealed class RefereeTests
{
    private static readonly AttackLabel FirstSpray = new("spray", 1);
    private static readonly AttackLabel SecondSpray = new("spray", 2);
    private static readonly AttackLabel Unheard = new("unheard_of", 3);

    [Fact]
    public void Campaigns_events_and_intrusions_are_counted_apart()
    {
        var spray = Judge(
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Allow),
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Notify),
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Block),
            Seen(FirstSpray, EventKind.Login, RefereeAction.Challenge),
            Seen(SecondSpray, EventKind.Login, RefereeAction.Notify)).Attacks.Single();

        Assert.Equal((2, 2, 1.0), (spray.Campaigns, spray.CampaignsFound, spray.CampaignRecall));
        Assert.Equal((1, 0.5), (spray.CampaignsStopped, spray.CampaignStopRate));
        Assert.Equal((5, 2, 0.4), (spray.Events, spray.EventsStopped, spray.EventRecall));
        Assert.Equal((2, 1, 0.5), (spray.Intrusions, spray.IntrusionsStopped, spray.IntrusionRecall));
        Assert.Equal(3, spray.EventsToStop);
    }

    [Fact]
    public void A_campaign_of_which_nobody_was_told_is_not_found()
    {
        var spray = Judge(Seen(FirstSpray, EventKind.Login, RefereeAction.Allow), Seen(SecondSpray, EventKind.Login, RefereeAction.Notify)).Attacks.Single();
        Assert.Equal((2, 1, 0), (spray.Campaigns, spray.CampaignsFound, spray.CampaignsStopped));
    }

    [Fact]
    public void Events_to_stop_is_the_median_over_the_campaigns_stopped()
    {
        var spray = Judge(
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Block),
            Seen(SecondSpray, EventKind.LoginFailed, RefereeAction.Allow),
            Seen(SecondSpray, EventKind.LoginFailed, RefereeAction.Block)).Attacks.Single();
        Assert.Equal(1.5, spray.EventsToStop);
    }

    [Fact]
    public void Shares_without_a_base_are_unknown()
    {
        var spray = Judge(Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Allow)).Attacks.Single();
        Assert.Null(spray.IntrusionRecall);
        Assert.Null(spray.EventsToStop);
        Assert.Null(Judge().Honest.ChallengeRate);
    }

    [Fact]
    public void Honest_logins_are_counted_by_what_was_done_to_them()
    {
        var honest = Judge(
            Seen(null, EventKind.Login, RefereeAction.Allow),
            Seen(null, EventKind.Login, RefereeAction.Notify),
            Seen(null, EventKind.Login, RefereeAction.Challenge),
            Seen(null, EventKind.Login, RefereeAction.Block),
            Seen(null, EventKind.SessionSeen, RefereeAction.Challenge)).Honest;
        Assert.Equal((5, 4, 1, 1, 1), (honest.Events, honest.Logins, honest.LoginsChallenged, honest.LoginsNotified, honest.LoginsBlocked));
        Assert.Equal(0.25, honest.ChallengeRate);
    }

    [Fact]
    public void A_blocked_failure_of_an_honest_subject_counts_as_a_blocked_subject_and_address()
    {
        var honest = Judge(
            Seen(null, EventKind.LoginFailed, RefereeAction.Block, subject: 1),
            Seen(null, EventKind.Login, RefereeAction.Allow, subject: 1),
            Seen(null, EventKind.Login, RefereeAction.Allow, subject: 2, address: "203.0.113.2")).Honest;
        Assert.Equal((2, 1, 2, 1), (honest.Subjects, honest.SubjectsBlocked, honest.Addresses, honest.AddressesBlocked));
    }

    [Fact]
    public void Collateral_is_what_attacked_accounts_bear_after_the_attack_only()
    {
        var honest = Judge(
            Seen(null, EventKind.Login, RefereeAction.Challenge, subject: 1),
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Allow, subject: 1),
            Seen(null, EventKind.Login, RefereeAction.Challenge, subject: 1),
            Seen(null, EventKind.Login, RefereeAction.Challenge, subject: 2)).Honest;
        Assert.Equal(1, honest.LoginsStoppedUnderAttack);
    }

    [Fact]
    public void The_table_has_a_line_per_attack_in_the_simulations_order()
    {
        var lines = Judge(
            Seen(Unheard, EventKind.Login, RefereeAction.Allow),
            Seen(new AttackLabel("takeover", 4), EventKind.Login, RefereeAction.Challenge),
            Seen(FirstSpray, EventKind.LoginFailed, RefereeAction.Allow)).ToTable().ToArray();
        Assert.Equal(["spray", "takeover", "unheard_of"], lines[1..4].Select(line => line.Split(' ')[0]));
        Assert.Contains("100.0 %", lines[2]);
    }

    [Fact]
    public void The_report_is_JSON_too()
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output)) Judge(Seen(FirstSpray, EventKind.Login, RefereeAction.Block)).WriteTo(json);
        using var document = JsonDocument.Parse(output.ToArray());
        Assert.Equal(1, document.RootElement.GetProperty("attacks")[0].GetProperty("intrusion_recall").GetDouble());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("honest").GetProperty("challenge_rate").ValueKind);
    }

    private static RefereeReport Judge(params RefereeObservation[] observations)
    {
        var referee = new Referee();
        foreach (var observation in observations) referee.Observe(observation);
        return referee.Report();
    }

    private static RefereeObservation Seen(AttackLabel? label, EventKind kind, RefereeAction action, int subject = 1, string address = "203.0.113.1") =>
        new() { Label = label, Kind = kind, Action = action, Subject = (UInt128)subject, SourceIp = IpAddress.Parse(address) };
}
