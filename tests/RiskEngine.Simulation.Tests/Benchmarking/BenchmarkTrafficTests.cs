using RiskEngine.Core.Events;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking;

public sealed class BenchmarkTrafficTests
{
    private static readonly ToldCase[] All = BenchmarkStream.Realistic;

    [Fact]
    public void Equal_settings_tell_equal_lines()
    {
        var settings = new BenchmarkSettings { Subjects = 300, Seed = 7 };
        Assert.Equal(BenchmarkStream.Tell(settings).Select(each => each.Json), BenchmarkStream.Tell(settings).Select(each => each.Json));
    }

    [Fact]
    public void Another_seed_tells_other_lines()
    {
        var first = BenchmarkStream.Tell(new BenchmarkSettings { Subjects = 300, Seed = 7 }).Select(each => each.Case.Attributes.Address).ToHashSet();
        var second = BenchmarkStream.Tell(new BenchmarkSettings { Subjects = 300, Seed = 8 }).Select(each => each.Case.Attributes.Address).ToHashSet();
        Assert.True(first.Intersect(second).Count() < first.Count / 2);
    }

    [Fact]
    public void Times_never_decrease_and_parts_follow_each_other()
    {
        var parts = All.Where(each => each.Case.Kind == CaseKind.Probe).Select(each => each.Case.Split).ToList();
        Assert.Equal(parts.Order(), parts);
        Assert.DoesNotContain(BenchmarkSplit.WarmUp, parts);
        for (var i = 1; i < All.Length; i++) Assert.True(All[i].Case.OccurredAt >= All[i - 1].Case.OccurredAt);
    }

    [Fact]
    public void Ids_never_repeat() => Assert.Equal(All.Length, All.Select(each => each.Json[..45]).Distinct().Count());

    [Fact]
    public void The_event_shows_what_the_baselines_read()
    {
        foreach (var told in All.Where((_, i) => i % 7 == 0))
        {
            var (root, attributes) = (told.Read(), told.Case.Attributes);
            Assert.Equal(attributes.Address, root.GetProperty("source_ip").GetString());
            Assert.Equal(attributes.UserAgent, root.GetProperty("user_agent").GetString());
            Assert.Equal(attributes.Country, root.GetProperty("geo").GetProperty("country").GetString());
            Assert.Equal(attributes.Asn, root.GetProperty("asn").GetProperty("number").GetUInt32());
            Assert.Equal(told.Case.OccurredAt, root.GetProperty("occurred_at").GetDateTimeOffset());
            Assert.Equal(told.Case.IsSuccess ? "login" : "login_failed", root.GetProperty("kind").GetString());
            Assert.True(IpAddress.TryParse(attributes.Address, out var address) && AddressIsInvented(address));
        }
    }

    [Fact]
    public void Only_attacks_that_leave_no_trace_are_probes_and_nothing_in_an_event_names_its_family()
    {
        foreach (var told in All)
        {
            Assert.Equal(told.Case.Kind == CaseKind.Probe, told.Json.Contains("\"probe\":true", StringComparison.Ordinal));
            Assert.DoesNotContain("label", told.Json);
        }
    }

    [Fact]
    public void History_and_gap_are_those_of_the_logins_told_before()
    {
        var last = new Dictionary<int, (int Count, DateTimeOffset Time)>();
        foreach (var each in All.Select(told => told.Case).Where(each => each.Subject >= 0))
        {
            var (count, time) = last.GetValueOrDefault(each.Subject);
            Assert.Equal(count, each.HistoryLength);
            Assert.Equal(count == 0 ? -1 : (each.OccurredAt - time).Ticks / TimeSpan.TicksPerSecond, each.GapSeconds);
            if (each.IsSuccess && each.Kind != CaseKind.Probe) last[each.Subject] = (count + 1, each.OccurredAt);
        }
    }

    [Fact]
    public void A_fleet_of_four_thousand_has_enough_attacks_of_each_family_in_each_half()
    {
        foreach (var family in AttackFamilies.Names.Except(["user_switch", "spray"]))
        {
            var test = BenchmarkStream.Probes(family).Count(each => each.Case.Split == BenchmarkSplit.Test);
            var before = BenchmarkStream.Probes(family).Count() - test;
            // 2,000 of 50,000 subjects, and as many before.
            Assert.True(test >= BenchmarkStream.Subjects * 0.04 && before >= BenchmarkStream.Subjects * 0.04, $"{family}: {test}, {before}");
        }
    }

    [Fact]
    public void Nothing_of_a_subject_counts_after_somebody_else_was_in_its_account()
    {
        var entered = new HashSet<int>();
        foreach (var each in All.Select(told => told.Case).Where(each => each is { Subject: >= 0, IsSuccess: true }))
        {
            if (entered.Contains(each.Subject) && each.Kind != CaseKind.Campaign) Assert.Equal((CaseKind.Honest, BenchmarkSplit.WarmUp), (each.Kind, each.Split));
            if (each.Kind == CaseKind.Campaign) entered.Add(each.Subject);
        }

        Assert.NotEmpty(entered);
    }

    [Fact]
    public void Coordinates_are_told_of_one_subject_in_three_always_or_never()
    {
        var withCity = new HashSet<int>();
        var without = new HashSet<int>();
        foreach (var told in All.Where(each => each.Case.Subject >= 0))
        {
            (told.Json.Contains("latitude", StringComparison.Ordinal) ? withCity : without).Add(told.Case.Subject);
        }

        Assert.Empty(withCity.Intersect(without));
        Assert.InRange((double)withCity.Count / (withCity.Count + without.Count), 0.30, 0.37);
    }

    [Fact]
    public void Failures_are_as_many_as_the_scale_says()
    {
        var logins = All.Count(each => each.Case is { Kind: CaseKind.Honest, IsSuccess: true });
        var unknown = All.Count(each => each.Case is { Kind: CaseKind.Honest, Subject: < 0 });
        Assert.InRange((double)unknown / logins, 0.215, 0.23);
        var none = BenchmarkStream.Tell(new BenchmarkSettings { Subjects = 200, FailureScale = 0 });
        Assert.DoesNotContain(none, each => each.Case is { Kind: CaseKind.Honest, IsSuccess: false });
    }

    [Fact]
    public void A_mistyped_password_tells_nothing_of_the_login_after_it()
    {
        var entered = All.Where(each => each.Case.Kind == CaseKind.Campaign).Select(each => each.Case.Subject).ToHashSet();
        var last = new Dictionary<int, LoginAttributes>();
        var mistyped = 0;
        foreach (var each in All.Select(told => told.Case).Where(each => each.Kind == CaseKind.Honest && each.Subject >= 0 && !entered.Contains(each.Subject)))
        {
            if (each.IsSuccess) last[each.Subject] = each.Attributes;
            if (each.IsSuccess) continue;
            Assert.Equal(last[each.Subject], each.Attributes);
            mistyped++;
        }

        Assert.True(mistyped > 100);
    }

    [Theory, InlineData(99), InlineData(1_000_001)]
    public void Fleets_out_of_range_are_refused(int subjects) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkTraffic(new BenchmarkSettings { Subjects = subjects }));

    [Theory, InlineData(-0.1), InlineData(1.1), InlineData(double.NaN)]
    public void A_scale_out_of_range_is_refused(double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkTraffic(new BenchmarkSettings { FailureScale = scale }));

    [Fact]
    public void The_blocklist_holds_what_is_said_to_be_listed_and_nothing_else()
    {
        var listed = new BenchmarkTraffic(new BenchmarkSettings { Subjects = BenchmarkStream.Subjects }).ListedAddresses().ToHashSet();
        Assert.All(All.Where((_, i) => i % 5 == 0), each => Assert.Equal(each.Case.Attributes.IsListed, listed.Contains(each.Case.Attributes.Address)));
    }

    private static bool AddressIsInvented(IpAddress address) => (address.IPv4 >> 24) is 11 or 22 or 26 or 28 or 29 or 30 or 33 or 55;
}
