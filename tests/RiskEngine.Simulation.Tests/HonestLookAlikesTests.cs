using System.Globalization;
using Xunit.Abstractions;

namespace RiskEngine.Simulation.Tests;

/// <summary>What honest people do that looks like an attack: whoever judges it blindly is wrong about them.</summary>
public sealed class HonestLookAlikesTests(ITestOutputHelper output)
{
    private static readonly Row[] Fleet = Traffic.Read(Traffic.Bytes(new SimulationSettings { Users = 1500, Days = 14, Attacks = [], Seed = 2 }));
    private static readonly DateTimeOffset Start = new SimulationSettings().Start;
    private static readonly Row[][] Sessions = [.. Fleet.Where(row => row.Session is not null).GroupBy(row => row.Session).Select(group => group.ToArray())];

    [Fact]
    public void A_session_goes_on_in_another_network_with_the_same_browser() =>
        Assert.InRange(Sessions.Count(session => Moved(session) && session.Select(row => row.UserAgent).Distinct().Count() == 1), 100, Sessions.Length / 4);

    [Fact]
    public void A_browser_updates_itself_inside_a_session() =>
        Assert.Contains(Sessions, session => session.Select(row => row.UserAgent).Distinct().Count() == 2 && session.Select(row => row.Device).Distinct().Count() == 1);

    [Fact]
    public void A_VPN_is_switched_on_inside_a_session_that_began_without() =>
        Assert.Contains(Sessions, session => session[0].Kind == "login" && !session[0].IsVpn && session.Any(row => row.IsVpn));

    [Fact]
    public void Nobodys_session_is_seen_after_they_logged_out() => Assert.All(Sessions, session =>
        Assert.DoesNotContain(session.SkipWhile(row => row.Kind != "logout"), row => row.Kind == "session_seen"));

    [Fact]
    public void Some_come_back_to_their_account_after_three_months()
    {
        var back = Fleet.Where(row => row.IsHonestLogin).GroupBy(row => row.Subject)
            .Count(logins => logins.Zip(logins.Skip(1)).Any(pair => pair.Second.Time - pair.First.Time > TimeSpan.FromDays(90)));
        Assert.InRange(back, 5, 40);
    }

    [Fact]
    public void Accounts_nobody_came_back_to_stay_silent() =>
        Assert.InRange(Fleet.GroupBy(row => row.Subject).Count(rows => rows.All(row => row.Time < Start) && rows.First().Kind is "login" or "account_created"), 40, 120);

    [Fact]
    public void A_closed_account_is_reactivated_before_somebody_is_back()
    {
        var reactivated = Fleet.Where(row => row.Kind == "account_reactivated").ToArray();
        Assert.InRange(reactivated.Length, 3, 15);
        Assert.All(reactivated, row =>
        {
            var run = Fleet.Where(other => other.Subject == row.Subject && other.Time >= Start && other.Kind == "login").ToArray();
            Assert.All(run, other => Assert.True(other.Time > row.Time));
            Assert.True(run.Length == 0 || run[0].Time < row.Time.AddHours(12));
        });
    }

    [Fact]
    public void A_phone_in_another_room_fails_four_times_or_more_and_mostly_ends_in_a_login()
    {
        var waits = 0;
        var entered = 0;
        foreach (var rows in Fleet.Where(row => row.Factor == "push").GroupBy(row => row.Subject))
        {
            var run = 0;
            foreach (var row in rows)
            {
                if (row.Kind == "login" && run >= 4) entered++;
                run = row.Kind == "mfa_failed" ? run + 1 : 0;
                if (run == 4) waits++;
            }
        }

        Assert.InRange(waits, 3, 60);
        Assert.InRange((double)entered / waits, 0.4, 1);
    }

    [Fact]
    public void Nobody_denies_a_question_of_their_own() => Assert.DoesNotContain(Fleet, row => row.Reason == "push_denied");

    [Fact]
    public void Administrators_impersonate_from_where_they_have_just_logged_in()
    {
        var impersonations = Fleet.Where(row => row.Kind == "impersonation_started").ToArray();
        Assert.NotEmpty(impersonations);
        Assert.All(impersonations, row => Assert.Contains(Fleet, other => other.Kind == "login" && other.Session == row.Session && other.Address == row.Address));
    }

    [Fact]
    public void A_new_account_may_be_a_namesakes()
    {
        var names = Fleet.Select(row => row.Name).ToHashSet();
        Assert.Contains(Fleet, row => row.Kind == "account_created" && row.Name.EndsWith("-2", StringComparison.Ordinal) && names.Contains(row.Name[..^2]));
    }

    [Fact]
    public void People_have_tokens_and_now_and_then_use_one_from_a_network_new_to_it()
    {
        var tokens = Fleet.Where(row => row.Kind == "token_used" && !row.IsService).GroupBy(row => row.Subject).ToArray();
        Assert.InRange(tokens.Length, 20, 120);
        Assert.Contains(tokens, token => token.Select(row => row.Asn).Distinct().Count() >= 2);
        Assert.Contains(tokens, token => token.Select(row => row.Asn).Distinct().Count() == 1);
    }

    [Fact]
    public void An_administrator_tries_a_service_account_by_hand() =>
        Assert.Contains(Fleet, row => row.IsService && row.UserAgent!.Contains("Mozilla"));

    [Fact]
    public void Hours_are_habits_with_exceptions()
    {
        var unusual = Novel(row => (row.Time.Hour * 60 + row.Time.Minute) / 180);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"logins at a time of day (of eight) new to somebody with twenty logins: {unusual:P1}"));
        Assert.InRange(unusual, 0.005, 0.08);
    }

    [Fact]
    public void Applications_are_habits_with_exceptions()
    {
        var unusual = Novel(row => row.Application);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"logins to an application new to somebody with twenty logins: {unusual:P1}"));
        Assert.InRange(unusual, 0.005, 0.06);
    }

    private static bool Moved(Row[] session) => session.Select(row => row.Asn).Distinct().Count() > 1;

    private static double Novel(Func<Row, object?> what)
    {
        var (all, novel) = (0, 0);
        foreach (var logins in Fleet.Where(row => row.IsHonestLogin).GroupBy(row => row.Subject))
        {
            var seen = new HashSet<object?>();
            var count = 0;
            foreach (var login in logins)
            {
                var isNew = seen.Add(what(login));
                if (count++ < 20) continue;
                all++;
                if (isNew) novel++;
            }
        }

        return (double)novel / all;
    }
}
