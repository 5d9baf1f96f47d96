using RiskEngine.Core.Models;
using Xunit.Abstractions;
using static RiskEngine.Core.Models.FleetPattern;

namespace RiskEngine.Core.Tests.Models;

/// <summary>What is usual, what honest days look like that are not, and who tries to have the season changed.</summary>
public sealed class FleetSeasonTests(ITestOutputHelper output)
{
    private const double Morning = 9 / 24.0;

    [Theory, InlineData(30), InlineData(300), InlineData(3000)]
    public void A_monday_morning_is_no_attack_from_the_first_week_on(double people) =>
        Assert.Equal(AttackKinds.None, new FleetUnderTest(people) { Forgetting = 0.1 }.Days(35).Kinds & AttackKinds.Attacks);

    [Fact]
    public void A_holiday_and_the_morning_after_it_are_no_attack()
    {
        var fleet = new FleetUnderTest(300).Days(29);
        fleet.Presence = 0.05;
        fleet.Days(1);
        (fleet.Presence, fleet.Forgetting, fleet.Fumbling) = (1.5, 0.08, 0.02);
        fleet.Days(1);
        Assert.Equal(AttackKinds.None, fleet.Kinds & AttackKinds.Attacks);
    }

    [Fact]
    public void Half_a_year_of_growth_to_ten_times_the_people_is_no_attack()
    {
        var fleet = new FleetUnderTest(100);
        for (var week = 0; week < 26; week++)
        {
            fleet.Presence = Math.Pow(10, week / 26.0);
            fleet.Days(7);
        }

        Assert.Equal(AttackKinds.None, fleet.Kinds & AttackKinds.Attacks);
    }

    [Fact]
    public void When_a_pilot_of_twenty_becomes_two_thousand_people_nothing_is_an_attack_and_no_surge_lasts_a_day()
    {
        var fleet = new FleetUnderTest(2000) { Presence = 0.01 }.Days(35);
        fleet.Presence = 1;
        fleet.Days(28);
        foreach (var period in fleet.Periods.Values) output.WriteLine($"{period.Kind} {period.Start} for {(period.LastSeen - period.Start) / 3600.0:0.0} h, {period.Peak:0} where {period.Expected:0.0}");
        Assert.Equal(AttackKinds.None, fleet.Kinds & AttackKinds.Attacks);
        Assert.All(fleet.Periods.Values, period => Assert.InRange(period.LastSeen - period.Start, 0u, FleetUnderTest.Day));
    }

    [Fact]
    public void A_surge_that_stays_is_season_within_a_fortnight()
    {
        var fleet = new FleetUnderTest(300).Days(35);
        fleet.Moving = 0.9;
        fleet.Days(14);
        fleet.Periods.Clear();
        fleet.Days(14);
        foreach (var period in fleet.Periods.Values) output.WriteLine($"{period.Kind} for {(period.LastSeen - period.Start) / 3600.0:0.0} h, {period.Peak:0} where {period.Expected:0.0}");
        Assert.DoesNotContain(fleet.Periods.Values, period => period.Kind == AttackKind.NewAddressSurge && period.LastSeen - period.Start > FleetUnderTest.Day);
    }

    [Fact]
    public void A_day_on_which_passwords_end_is_a_surge_of_failures_and_no_attack()
    {
        var fleet = new FleetUnderTest(300).Days(28);
        fleet.Forgetting = 0.5;
        fleet.Days(1);
        fleet.Forgetting = 0.04;
        fleet.Days(2);
        Assert.Equal(AttackKinds.FailureSurge, fleet.Kinds);
        Assert.InRange(Assert.Single(fleet.Periods.Values).LastSeen - fleet.Periods.Values.First().Start, 1u, FleetUnderTest.Day);
        Assert.Equal(AttackKinds.None, fleet.Monitor.Open);
    }

    [Fact]
    public void A_day_on_which_all_addresses_are_new_is_a_surge_of_addresses_and_no_attack()
    {
        var fleet = new FleetUnderTest(300).Days(28);
        fleet.Moving = 1;
        fleet.Days(1);
        fleet.Moving = 0.08;
        fleet.Days(2);
        Assert.Equal(AttackKinds.NewAddressSurge, fleet.Kinds);
        Assert.Equal(AttackKinds.None, fleet.Monitor.Open);
    }

    [Fact]
    public void Five_days_of_attack_teach_nothing()
    {
        var fleet = new FleetUnderTest(100).Days(28 + Morning);
        var before = NamesUntilFound(fleet);
        fleet.Days(5 + (15 / 24.0), attacked => attacked.Fail(NameOfMany, 60));
        fleet.Days(22 + Morning);
        var after = NamesUntilFound(fleet);
        output.WriteLine($"{before} names before, {after} after");
        Assert.InRange(after, before - 2, before + 2);
    }

    [Fact]
    public void An_attack_an_hour_every_monday_is_found_every_monday()
    {
        var fleet = new FleetUnderTest(100).Days(28 + Morning);
        for (var week = 0; week < 20; week++)
        {
            fleet.Periods.Clear();
            fleet.Fail(NameOfMany, 30);
            Assert.Equal(AttackKinds.PasswordSpray, fleet.Kinds & AttackKinds.Attacks);
            fleet.Days(7);
        }
    }

    [Fact]
    public void What_goes_on_for_a_week_is_settled_and_what_is_added_to_it_is_found_again()
    {
        var fleet = new FleetUnderTest(100).Days(28);
        fleet.Days(7.5, hour => hour.Fail(Scattered, 40));
        var settled = Assert.Single(fleet.Periods.Values, period => period.Kind == AttackKind.NetworkSpray);
        Assert.Equal(AttackPhase.Settled, settled.Phase);
        fleet.Periods.Clear();
        fleet.Days(14, hour => hour.Fail(Scattered, 40));
        Assert.Equal(AttackKinds.None, fleet.Kinds & AttackKinds.Attacks);
        fleet.Fail(Scattered, 160);
        Assert.Equal(AttackKinds.NetworkSpray, fleet.Kinds & AttackKinds.Attacks);
    }

    [Theory, InlineData(1.10), InlineData(1.2), InlineData(1.5)]
    public void A_slow_ramp_of_a_tenth_a_week_or_more_is_found(double growth)
    {
        var weeks = WeeksUntilFound(growth, 104);
        output.WriteLine($"+{growth - 1:P0} a week: found in week {weeks}, at {Math.Pow(growth, weeks):0.0} names an hour");
        Assert.InRange(weeks, 1, 52);
    }

    [Fact]
    public void A_ramp_of_a_twentieth_a_week_stays_hidden_as_the_documents_say()
    {
        var weeks = WeeksUntilFound(1.05, 26);
        Assert.Equal(26, weeks);
    }

    [Fact]
    public void Six_names_an_hour_where_one_is_usual_are_found_within_two_days()
    {
        var fleet = new FleetUnderTest(100).Days(28);
        var start = fleet.Now;
        fleet.Days(2, hour => hour.Fail(NameOfMany, 6));
        var found = Assert.Single(fleet.Periods.Values, period => period.Kind == AttackKind.PasswordSpray);
        output.WriteLine($"found after {(found.Start - start) / 3600.0:0.0} h");
    }

    /// <summary>From one name an hour on, and more by that factor every week.</summary>
    private static int WeeksUntilFound(double growth, int most)
    {
        var fleet = new FleetUnderTest(100).Days(28);
        var random = new Random(3);
        for (var week = 0; week < most; week++)
        {
            var names = Math.Pow(growth, week);
            fleet.Days(7, hour => hour.Fail(NameOfMany, (int)Math.Floor(names + random.NextDouble())));
            if ((fleet.Kinds & AttackKinds.Attacks) != AttackKinds.None) return week;
        }

        return most;
    }

    private static int NamesUntilFound(FleetUnderTest fleet)
    {
        fleet.Periods.Clear();
        for (var names = 1; names < 1000; names++)
        {
            fleet.Fail(NameOfMany, 1);
            if ((fleet.Kinds & AttackKinds.Attacks) != AttackKinds.None) return names;
        }

        return 1000;
    }
}
