using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Tests.Benchmarking;

/// <summary>The rules that keep a simulated attack from betraying that it was simulated.</summary>
public sealed class AttackerRulesTests
{
    private static readonly ToldCase[] All = BenchmarkStream.Realistic;

    [Fact]
    public void An_attack_stands_right_before_the_honest_login_in_whose_place_it_is()
    {
        foreach (var attack in All.Where(each => each.Case.Kind == CaseKind.Probe))
        {
            var replaced = Replaced(attack);
            Assert.Equal(
                (CaseKind.Honest, true, attack.Case.Subject, attack.Case.OccurredAt, attack.Case.GapSeconds, attack.Case.Split),
                (replaced.Kind, replaced.IsSuccess, replaced.Subject, replaced.OccurredAt, replaced.GapSeconds, replaced.Split));
        }
    }

    [Theory, InlineData("naive"), InlineData("vpn")]
    public void A_borrowed_address_and_network_are_of_a_login_that_another_subject_makes_later(string family)
    {
        var later = Honest().ToLookup(each => each.Case.Attributes.Address);
        var attacks = BenchmarkStream.Probes(family).ToList();
        var borrowed = attacks.Count(attack => later[attack.Case.Attributes.Address].Any(donor =>
            donor.Number > attack.Number && donor.Case.Subject != attack.Case.Subject && donor.Case.Attributes.Asn == attack.Case.Attributes.Asn));
        // At the end of the stream, and in countries with few people, nobody follows to borrow from.
        Assert.True(borrowed >= attacks.Count * 0.97, $"{borrowed} of {attacks.Count}");
    }

    [Fact]
    public void Addresses_of_attackers_are_seen_before_as_often_as_new_ones_of_honest_people()
    {
        var seen = new HashSet<string>();
        var own = new HashSet<(int, string)>();
        int honest = 0, honestSeen = 0, attacks = 0, attacksSeen = 0;
        foreach (var each in All.Select(told => told.Case).Where(each => each.IsSuccess))
        {
            var isSeen = seen.Contains(each.Attributes.Address);
            var isOwn = own.Contains((each.Subject, each.Attributes.Address));
            if (each.Kind == CaseKind.Probe && each.Family == BenchmarkStream.Family("targeted")) (attacks, attacksSeen) = (attacks + 1, attacksSeen + (isSeen ? 1 : 0));
            if (each.Kind == CaseKind.Honest && each.Split != BenchmarkSplit.WarmUp && !isOwn) (honest, honestSeen) = (honest + 1, honestSeen + (isSeen ? 1 : 0));
            if (each.Kind == CaseKind.Probe) continue;
            seen.Add(each.Attributes.Address);
            own.Add((each.Subject, each.Attributes.Address));
        }

        Assert.InRange(((double)attacksSeen / attacks) - ((double)honestSeen / honest), -0.10, 0.10);
    }

    [Theory]
    [InlineData("naive", UserAgentChurn.Realistic), InlineData("vpn", UserAgentChurn.Realistic), InlineData("infrastructure", UserAgentChurn.Realistic)]
    [InlineData("naive", UserAgentChurn.RbaLike), InlineData("vpn", UserAgentChurn.RbaLike), InlineData("infrastructure", UserAgentChurn.RbaLike)]
    public void User_agents_of_attackers_are_seen_before_as_often_as_those_of_honest_people(string family, UserAgentChurn churn)
    {
        var seen = new HashSet<string>();
        int honest = 0, honestSeen = 0, attacks = 0, attacksSeen = 0;
        foreach (var each in BenchmarkStream.Of(churn).Select(told => told.Case).Where(each => each.IsSuccess))
        {
            var isSeen = seen.Contains(each.Attributes.UserAgent);
            if (each.Kind == CaseKind.Probe && each.Family == BenchmarkStream.Family(family)) (attacks, attacksSeen) = (attacks + 1, attacksSeen + (isSeen ? 1 : 0));
            if (each.Kind == CaseKind.Honest && each.Split != BenchmarkSplit.WarmUp) (honest, honestSeen) = (honest + 1, honestSeen + (isSeen ? 1 : 0));
            if (each.Kind != CaseKind.Probe) seen.Add(each.Attributes.UserAgent);
        }

        // 960 attacks, some of whose donors are the same people: five points are three standard errors.
        Assert.InRange(((double)attacksSeen / attacks) - ((double)honestSeen / honest), -0.05, 0.05);
    }

    [Theory, InlineData("naive"), InlineData("vpn"), InlineData("infrastructure"), InlineData("impossible_travel")]
    public void No_borrowed_browser_is_shown_before_it_is_released(string family)
    {
        var plan = new BenchmarkPlan(new BenchmarkSettings { Subjects = 1000 });
        var attacker = plan.Attackers[BenchmarkStream.Family(family)]!;
        var random = new SeededRandom(17);
        foreach (var row in plan.Logins.InTimeOrder)
        {
            ref readonly var login = ref plan.Logins[row];
            var victim = new Victim(plan.Habits.Expect(plan.Logins.Before(row), login.Time, login.Belief), login);
            if (!attacker.Attacks(victim)) continue;
            var shown = attacker.Draw(victim, 0, random);
            Assert.True(plan.Habits.Versions.Density(shown.Model, shown.Version, login.Time) > 0);
        }
    }

    [Fact]
    public void A_targeted_attack_shows_all_of_the_login_replaced_but_an_address_that_the_account_never_had()
    {
        var shown = new HashSet<(int, string)>();
        foreach (var told in All.Where(each => each.Case.IsSuccess))
        {
            var attributes = told.Case.Attributes;
            if (told.Case.Kind == CaseKind.Probe && told.Case.Family == BenchmarkStream.Family("targeted"))
            {
                var replaced = Replaced(told).Attributes;
                Assert.Equal(replaced with { Address = attributes.Address, IsListed = attributes.IsListed }, attributes);
                Assert.DoesNotContain((told.Case.Subject, attributes.Address), shown);
            }

            if (told.Case.Kind == CaseKind.Honest) shown.Add((told.Case.Subject, attributes.Address));
        }
    }

    [Fact]
    public void A_vpn_comes_out_in_the_country_of_the_login_replaced() =>
        Assert.All(BenchmarkStream.Probes("vpn"), attack => Assert.Equal(Replaced(attack).Attributes.Country, attack.Case.Attributes.Country));

    [Fact]
    public void A_mimic_shows_all_that_the_login_replaced_shows() =>
        Assert.All(BenchmarkStream.Probes("mimic"), attack => Assert.Equal(Replaced(attack).Attributes, attack.Case.Attributes));

    [Fact]
    public void Rented_addresses_are_listed_far_more_often_than_honest_ones()
    {
        var rented = BenchmarkStream.Probes("infrastructure").Average(each => each.Case.Attributes.IsListed ? 1.0 : 0);
        var honest = Honest().Average(each => each.Case.Attributes.IsListed ? 1.0 : 0);
        Assert.InRange(honest, 0.04, 0.09);
        Assert.True(rented > 0.4);
    }

    [Fact]
    public void Impossible_travel_is_faster_than_any_airliner()
    {
        var last = new Dictionary<int, (DateTimeOffset Time, double Latitude, double Longitude)>();
        var attacks = 0;
        foreach (var told in All.Where(each => each.Case is { IsSuccess: true } && each.Json.Contains("latitude", StringComparison.Ordinal)))
        {
            var geo = told.Read().GetProperty("geo");
            var (latitude, longitude) = (geo.GetProperty("latitude").GetDouble(), geo.GetProperty("longitude").GetDouble());
            if (told.Case.Kind == CaseKind.Probe && told.Case.Family == BenchmarkStream.Family("impossible_travel"))
            {
                var from = last[told.Case.Subject];
                var kilometres = Traffic.Kilometres(Place(from.Latitude, from.Longitude), Place(latitude, longitude));
                Assert.True(kilometres > 1000 * (told.Case.OccurredAt - from.Time).TotalHours);
                attacks++;
            }

            if (told.Case.Kind != CaseKind.Probe) last[told.Case.Subject] = (told.Case.OccurredAt, latitude, longitude);
        }

        Assert.Equal(BenchmarkStream.Probes("impossible_travel").Count(), attacks);
    }

    [Theory, InlineData("takeover_rare_asn", 0, 0.05), InlineData("takeover_common_asn", 0.8, 1)]
    public void Takeovers_come_from_networks_that_hardly_anybody_uses_or_from_those_that_most_do(string family, double least, double most)
    {
        var common = Honest().GroupBy(each => each.Case.Attributes.Asn).Where(group => group.Count() > 20).Select(group => group.Key).ToHashSet();
        Assert.InRange(BenchmarkStream.Probes(family).Average(attack => common.Contains(attack.Case.Attributes.Asn) ? 1.0 : 0), least, most);
    }

    [Fact]
    public void Takeovers_come_in_bursts_from_one_network()
    {
        var attacks = BenchmarkStream.Probes("takeover_rare_asn").ToList();
        var followed = attacks.Zip(attacks.Skip(1)).Count(pair =>
            pair.Second.Case.OccurredAt - pair.First.Case.OccurredAt < TimeSpan.FromMinutes(30) && pair.First.Case.Attributes.Asn == pair.Second.Case.Attributes.Asn);
        Assert.True(followed > attacks.Count / 20, $"{followed} of {attacks.Count}");
    }

    [Fact]
    public void A_spray_tries_many_names_from_few_addresses_and_some_passwords_are_right()
    {
        var spray = All.Where(each => each.Case.Kind == CaseKind.Campaign && each.Case.Family == BenchmarkStream.Family("spray")).ToList();
        var addresses = spray.Select(each => each.Case.Attributes.Address).Distinct().Count();
        Assert.True(spray.Count > 40 * addresses);
        Assert.InRange(spray.Count(each => each.Case.IsSuccess) / (double)spray.Count, 0.01, 0.08);
        Assert.All(spray.Where(each => each.Case.IsSuccess), each => Assert.True(each.Case.Subject >= 0));
    }

    [Fact]
    public void Whoever_switches_in_stays_for_one_to_five_logins_and_goes_on_as_people_do()
    {
        var switches = All.Where(each => each.Case.Kind == CaseKind.Campaign && each.Case.Family == BenchmarkStream.Family("user_switch")).GroupBy(each => each.Case.Subject).ToList();
        Assert.All(switches, group => Assert.InRange(group.Count(), 1, 5));
        var longer = switches.Where(group => group.Count() > 1).ToList();
        var sameNetwork = longer.Sum(group => group.Zip(group.Skip(1)).Count(pair => pair.First.Case.Attributes.Asn == pair.Second.Case.Attributes.Asn));
        Assert.True(sameNetwork > 0.6 * longer.Sum(group => group.Count() - 1));
    }

    private static IEnumerable<ToldCase> Honest() => All.Where(each => each.Case is { Kind: CaseKind.Honest, IsSuccess: true });

    private static BenchmarkCase Replaced(ToldCase attack)
    {
        var number = attack.Number + 1;
        while (All[number].Case.Kind == CaseKind.Probe) number++;
        return All[number].Case;
    }

    private static Row Place(double latitude, double longitude) =>
        new() { Time = default, Kind = "login", Subject = "", Name = "", Latitude = latitude, Longitude = longitude };
}
