namespace RiskEngine.Simulation.Tests;

public sealed class SessionAttackTests
{
    [Fact]
    public void A_stolen_session_is_its_owners_and_seen_an_hour_or_more_after_the_login_from_another_address() => Assert.All(Siege.Campaigns("stolen_session"), campaign =>
    {
        var session = Assert.Single(campaign.Select(row => row.Session).Distinct());
        var login = Assert.Single(Siege.Rows, row => row.Kind == "login" && row.Session == session);
        Assert.Null(login.Label);
        Assert.Equal("session_seen", campaign[0].Kind);
        Assert.All(campaign, row => Assert.True(row.Subject == login.Subject && row.Time >= login.Time.AddHours(1) && row.Address != login.Address, $"{row}"));
    });

    [Fact]
    public void Nobody_steals_a_session_whose_owner_logged_out_that_day() => Assert.All(Siege.Campaigns("stolen_session"), campaign =>
    {
        var logout = Siege.Rows.FirstOrDefault(row => row.Kind == "logout" && row.Session == campaign[0].Session);
        var login = Siege.Rows.First(row => row.Session == campaign[0].Session);
        Assert.True(logout is null || logout.Time.Date > login.Time.Date);
    });

    [Fact]
    public void Some_stolen_sessions_come_with_the_owners_user_agent_and_some_from_the_owners_country()
    {
        var thefts = Siege.Campaigns("stolen_session").Select(campaign => (Theft: campaign[0], Login: Siege.Rows.First(row => row.Session == campaign[0].Session))).ToArray();
        Assert.InRange(Share(thefts, pair => pair.Theft.UserAgent == pair.Login.UserAgent), 0.25, 0.75);
        Assert.InRange(Share(thefts, pair => pair.Theft.Country == pair.Login.Country), 0.2, 0.7);
        Assert.InRange(Share(thefts, pair => pair.Theft.Device is not null && pair.Theft.Device == pair.Login.Device), 0.01, 0.25);
    }

    [Fact]
    public void Fatigue_is_five_to_forty_questions_at_one_subject_from_one_address_within_two_hours() => Assert.All(Siege.Campaigns("mfa_fatigue"), campaign =>
    {
        var questions = campaign.Where(row => row.Kind is "mfa_failed" or "challenge_failed").ToArray();
        Assert.InRange(questions.Length, 1, 40);
        Assert.Single(campaign.Select(row => (row.Subject, row.Address)).Distinct());
        Assert.All(questions, row => Assert.Equal("push", row.Factor));
        Assert.True(questions[^1].Time - questions[0].Time < TimeSpan.FromHours(2));
    });

    [Fact]
    public void Some_fatigue_ends_in_a_login_and_most_does_not()
    {
        var campaigns = Siege.Campaigns("mfa_fatigue");
        Assert.InRange(Share(campaigns, campaign => campaign.Any(row => row.Kind == "login")), 0.1, 0.6);
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Kind == "challenge_failed"));
        Assert.Contains(campaigns, campaign => campaign.Any(row => row.Reason == "push_denied"));
    }

    [Fact]
    public void A_stolen_token_is_used_from_a_network_that_never_used_it() => Assert.All(Siege.Campaigns("token_theft"), campaign =>
    {
        Assert.All(campaign, row => Assert.Equal(("token_used", "token"), (row.Kind, row.Method)));
        Assert.Contains(Siege.Honest(campaign[0].Subject), row => row.Kind == "token_used");
    });

    [Fact]
    public void Tokens_of_people_and_of_machines_are_stolen()
    {
        var campaigns = Siege.Campaigns("token_theft");
        Assert.Contains(campaigns, campaign => campaign[0].IsService);
        Assert.Contains(campaigns, campaign => !campaign[0].IsService);
        Assert.InRange(Share(campaigns, campaign => !Siege.Honest(campaign[0].Subject).Select(row => row.Asn).Contains(campaign[0].Asn)), 0.8, 1);
    }

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> holds) => (double)all.Count(holds) / all.Count;
}
