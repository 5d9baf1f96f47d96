using RiskEngine.Core.Models;
using static RiskEngine.Core.Models.FleetPattern;

namespace RiskEngine.Core.Tests.Models;

public sealed class FleetMonitorTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Theory]
    [InlineData(10, 1), InlineData(10, 2), InlineData(100, 3), InlineData(100, 4), InlineData(2000, 5), InlineData(2000, 6)]
    public void Eight_quiet_weeks_have_no_period(double people, int seed) => Assert.Empty(new FleetUnderTest(people, seed).Days(56).Periods);

    [Theory, InlineData(9, false), InlineData(10, true)]
    public void In_a_small_fleet_it_takes_ten_names_within_an_hour(int names, bool found)
    {
        var fleet = new FleetUnderTest(10) { Fumbling = 0 }.Days(28);
        fleet.Fail(NameOfMany, names);
        Assert.Equal(found ? AttackKinds.PasswordSpray : AttackKinds.None, fleet.Kinds & AttackKinds.Attacks);
    }

    [Theory, InlineData(16, false), InlineData(17, true)]
    public void In_its_first_hour_a_fleet_is_quieter_and_not_silent(int names, bool found)
    {
        var fleet = new FleetUnderTest(10);
        fleet.Fail(NameOfMany, names);
        Assert.Equal(found, fleet.Kinds == AttackKinds.PasswordSpray);
    }

    [Theory]
    [InlineData(NameOfMany, AttackKinds.PasswordSpray)]
    [InlineData(Scattered, AttackKinds.NetworkSpray)]
    [InlineData(Guess, AttackKinds.BruteForce)]
    [InlineData(GuessFromMany, AttackKinds.DistributedBruteForce)]
    public void Each_pattern_has_its_kind(FleetPattern pattern, AttackKinds kind)
    {
        var fleet = new FleetUnderTest(100).Days(14);
        fleet.Fail(pattern, 100);
        Assert.Equal(kind, fleet.Kinds & AttackKinds.Attacks);
    }

    [Theory, InlineData(2, AttackKinds.PasswordSpray), InlineData(4, AttackKinds.PasswordSpray | AttackKinds.CredentialStuffing)]
    public void Names_that_do_not_exist_make_it_a_stuffing(int unknownInTen, AttackKinds kinds)
    {
        var fleet = new FleetUnderTest(100).Days(14);
        for (var i = 0; i < 200; i++) fleet.Observe(NameOfMany, fleet.NextName(), fleet.Now + (uint)i, i * 7 % 10 < unknownInTen);
        Assert.Equal(kinds, fleet.Kinds & AttackKinds.Attacks);
    }

    [Fact]
    public void A_name_counts_once_an_hour_and_a_guess_each_time()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        for (var i = 0u; i < 1000; i++) fleet.Observe(NameOfMany, 42, fleet.Now + i);
        Assert.Empty(fleet.Periods);
        for (var i = 0u; i < 1000; i++) fleet.Observe(Guess, 42, fleet.Now + 1000 + i);
        Assert.Equal(AttackKinds.BruteForce, fleet.Kinds);
    }

    [Fact]
    public void A_period_has_a_start_an_end_and_a_peak()
    {
        var fleet = new FleetUnderTest(100).Days(14 + (20 / 24.0));
        fleet.Fail(NameOfMany, 50);
        var start = fleet.Now + 9;
        Assert.Equal(AttackKinds.PasswordSpray, fleet.Monitor.Open & AttackKinds.Attacks);
        fleet.Days(1);

        var period = Assert.Single(fleet.Periods.Values, period => period.Kind == AttackKind.PasswordSpray);
        Assert.Equal((AttackPhase.Ended, start), (period.Phase, period.Start));
        Assert.InRange(period.LastSeen, start + 38, start + 40);
        Assert.InRange(period.Peak, 46, 53);
        Assert.Equal(AttackKinds.None, fleet.Monitor.Open);
        var room = new AttackPeriod[FleetMonitor.MostPeriods];
        Assert.Contains(period, room[..fleet.Monitor.CopyPeriods(room)]);
    }

    [Fact]
    public void It_ends_between_half_an_hour_and_two_hours_after_the_last_failure_and_not_in_a_breath()
    {
        var fleet = new FleetUnderTest(0).Days(0);
        fleet.Fail(NameOfMany, 60);
        var last = fleet.Now + 59;
        fleet.Monitor.Advance(last + 1800, fleet.Settings);
        Assert.NotEqual(AttackKinds.None, fleet.Monitor.Open & AttackKinds.Attacks);
        fleet.Monitor.Advance(last + 7200, fleet.Settings);
        Assert.Equal(AttackKinds.None, fleet.Monitor.Open & AttackKinds.Attacks);
    }

    [Fact]
    public void No_attack_outlasts_a_silent_weekend()
    {
        var fleet = new FleetUnderTest(20).Days(18);
        for (var hour = 0; hour < 4; hour++) fleet.PassHour(attacked => attacked.Fail(FleetPattern.NameOfMany, 120));
        Assert.NotEqual(AttackKinds.None, fleet.Monitor.Open);
        fleet.Monitor.Advance(fleet.Now + (60 * FleetUnderTest.Hour), fleet.Settings);
        Assert.Equal(AttackKinds.None, fleet.Monitor.Open);
    }

    [Fact]
    public void Own_logins_of_the_attacker_do_not_hide_him()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        for (var i = 0u; i < 10_000; i++) fleet.Observe(Success, 42, fleet.Now);
        fleet.Fail(NameOfMany, 20);
        Assert.Equal(AttackKinds.PasswordSpray, fleet.Kinds & AttackKinds.Attacks);
    }

    [Fact]
    public void Late_events_count_where_they_belong_for_three_hours_and_then_not_at_all()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        var now = fleet.Now;
        var before = fleet.Save();
        fleet.Observe(NameOfMany, 1, now - 10_801 - 600);
        Assert.Equal(before, fleet.Save());
        for (var i = 0u; i < 60; i++) fleet.Observe(NameOfMany, fleet.NextName(), now - 7200 + i);
        Assert.NotEqual(before, fleet.Save());
        Assert.Empty(fleet.Periods);
    }

    [Fact]
    public void An_event_from_the_future_or_from_1970_breaks_nothing()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        fleet.Observe(Scattered, 1, fleet.Now + FleetUnderTest.Day);
        fleet.Observe(Scattered, 2, 0);
        fleet.Observe(Scattered, 3, uint.MaxValue);
        Assert.True(Sound(fleet.Monitor));
        var young = new FleetUnderTest(1);
        young.Observe(Scattered, 1, 0);
        young.Observe(Scattered, 1, 700);
        young.Observe(Scattered, 1, 7200);
        Assert.True(Sound(young.Monitor));
    }

    [Fact]
    public void A_million_names_an_hour_stay_finite_and_in_their_bytes()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        for (var i = 0; i < 1_000_000; i++) fleet.Observe(Scattered, fleet.NextName(), fleet.Now + (uint)(i % 3600), i % 2 == 0);
        fleet.Days(10);
        Assert.True(Sound(fleet.Monitor));
        Assert.InRange(FleetMonitor.StoredLength, 1, 8192);
    }

    [Fact]
    public void Whatever_was_stored_it_is_never_not_a_number()
    {
        var random = new Random(7);
        var fleet = new FleetUnderTest(100).Days(14);
        for (var i = 0; i < 300; i++)
        {
            var bytes = fleet.Save();
            for (var flips = random.Next(1, 200); flips > 0; flips--) bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            var monitor = new FleetMonitor();
            monitor.Load(bytes);
            for (var j = 0u; j < 50; j++) monitor.Observe(new FleetLogin((FleetPattern)random.Next(7), j, fleet.Now + (j * 600), false), fleet.Settings);
            Assert.True(Sound(monitor));
        }
    }

    [Fact]
    public void More_failures_never_end_or_prevent_a_period()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var pattern = (FleetPattern)random.Next((int)Guess, (int)Scattered + 1);
            var names = random.Next(1, 60);
            var fewer = new FleetUnderTest(100, round).Days(8 + (round % 24 / 24.0));
            var more = new FleetUnderTest(100, round).Days(8 + (round % 24 / 24.0));
            fewer.Fail(pattern, names);
            more.Fail(pattern, names + random.Next(0, 60));
            Assert.Equal(fewer.Monitor.Open, fewer.Monitor.Open & more.Monitor.Open);
        }
    }

    [Fact]
    public void A_restart_changes_no_bit()
    {
        FleetUnderTest through = new(100), restarted = new(100);
        for (var day = 0; day < 30; day++)
        {
            through.Days(1, Sometimes);
            restarted.Days(1, Sometimes);
            restarted.Restart();
            Assert.Equal(through.Save(), restarted.Save());
        }

        Assert.NotEmpty(through.Periods);
        Assert.Equal(through.Periods.Values, restarted.Periods.Values);

        static void Sometimes(FleetUnderTest fleet)
        {
            if (fleet.Now / FleetUnderTest.Hour % 50 == 0) fleet.Fail(NameOfMany, 40);
        }
    }

    [Fact]
    public void Another_form_reads_as_one_that_has_seen_nothing()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        var bytes = fleet.Save();
        bytes[0]++;
        var empty = new byte[FleetMonitor.StoredLength];
        new FleetMonitor().Save(empty);
        foreach (var stored in (byte[][])[bytes, bytes[..^1], []])
        {
            var monitor = new FleetMonitor();
            monitor.Load(stored);
            var again = new byte[FleetMonitor.StoredLength];
            monitor.Save(again);
            Assert.Equal(empty, again);
        }
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var fleet = new FleetUnderTest(100).Days(14);
        var (at, name) = (fleet.Now, 1UL);
        Assert.Equal(0, Testing.Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                at += 60;
                fleet.Monitor.Observe(new FleetLogin((FleetPattern)(i % 7), name += 0x9E37_79B9_7F4A_7C15, at, false), fleet.Settings);
            }

            fleet.Monitor.Changes.Clear();
        }));
    }

    /// <summary>Not a test of speed, for machines differ: it prints the figure that commits quote. The budget is 100 ns for an event, with its share of what passes with time and of the batch.</summary>
    [Fact]
    public void Nanoseconds_of_an_event_are_printed()
    {
        const int Events = 1000;
        var fleet = new FleetUnderTest(100).Days(14);
        var (at, name) = (fleet.Now, 1UL);
        var stored = fleet.Save();
        double counting = double.MaxValue, carrying = double.MaxValue;
        for (var round = 0; round < 500; round++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var i = 0; i < Events; i++) fleet.Monitor.Observe(new FleetLogin(i % 20 == 0 ? Scattered : i % 10 == 0 ? SuccessElsewhere : Success, name += 0x9E37_79B9_7F4A_7C15, at += 8, false), fleet.Settings);
            counting = Math.Min(counting, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalNanoseconds / Events);
            start = System.Diagnostics.Stopwatch.GetTimestamp();
            fleet.Monitor.Save(stored);
            fleet.Monitor.Load(stored);
            carrying = Math.Min(carrying, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        output.WriteLine($"{counting:F0} ns for an event, eight seconds apart; {carrying:F0} ns to read and write a batch's {FleetMonitor.StoredLength} bytes");
        Assert.True(counting > 0 && carrying > 0);
    }

    private static bool Sound(FleetMonitor monitor)
    {
        var room = new AttackPeriod[FleetMonitor.MostPeriods];
        var count = monitor.CopyPeriods(room);
        var stored = new byte[FleetMonitor.StoredLength];
        monitor.Save(stored);
        var again = new FleetMonitor();
        again.Load(stored);
        var kept = new byte[FleetMonitor.StoredLength];
        again.Save(kept);
        return stored.AsSpan().SequenceEqual(kept) && room[..count].All(period => float.IsFinite(period.Peak + period.Expected + period.Total));
    }
}
