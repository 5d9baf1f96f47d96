using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Tests.Benchmarking;

/// <summary>What an attacker, or an honest subject (as the mimic shows it), is drawn to show comes as often as its density says, summed over the whole world.</summary>
/// <remarks>Without donors, so that all is drawn from the laws themselves and not from the few people of a small fleet.</remarks>
public sealed class AttackerLawTests
{
    private const int Draws = 40_000;
    private const double StandardErrors = 4.5;

    private static readonly Dictionary<UserAgentChurn, Lazy<BenchmarkPlan>> Plans = Enum.GetValues<UserAgentChurn>()
        .ToDictionary(churn => churn, churn => new Lazy<BenchmarkPlan>(() => new BenchmarkPlan(new BenchmarkSettings { Subjects = 4000, Churn = churn })));

    public static TheoryData<string, UserAgentChurn> Families
    {
        get
        {
            var data = new TheoryData<string, UserAgentChurn>();
            foreach (var family in AttackFamilies.Names.Except(["spray", "user_switch"])) data.Add(family, UserAgentChurn.Realistic);
            data.Add("mimic", UserAgentChurn.RbaLike);
            data.Add("blind", UserAgentChurn.RbaLike);
            return data;
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Addresses_and_devices_come_as_often_as_their_density_says(string family, UserAgentChurn churn)
    {
        var plan = Plans[churn].Value;
        var attacker = Law(plan, family);
        var row = SomeRow(plan);
        var drawn = Draw(plan, attacker, row);

        // Whence and with what are independent, so that the density of one is that of the login with the other held fixed.
        var some = drawn.First(shown => Density(plan, attacker, row, shown) > 0);
        var addresses = Hosts(plan).Select(host => (Cell: AddressCell(plan, row, host), Density: Density(plan, attacker, row, some with { Network = host.Network, Host = host.Host }))).ToList();
        var devices = Devices(plan).Select(device => (Cell: DeviceCell(plan, row, device), Density: Density(plan, attacker, row, some with { Model = device.Model, Version = device.Version }))).ToList();
        Assert.Equal(Density(plan, attacker, row, some), addresses.Sum(each => each.Density) * devices.Sum(each => each.Density), Density(plan, attacker, row, some) * 1e-6);
        AssertSame(drawn.Select(shown => AddressCell(plan, row, shown)), addresses);
        AssertSame(drawn.Select(shown => DeviceCell(plan, row, shown)), devices);
    }

    private static void AssertSame(IEnumerable<string> drawn, List<(string Cell, double Density)> densities)
    {
        var total = densities.Sum(each => each.Density);
        var expected = densities.GroupBy(each => each.Cell).ToDictionary(group => group.Key, group => group.Sum(each => each.Density) / total);
        var seen = drawn.CountBy(cell => cell).ToDictionary();
        foreach (var cell in expected.Keys.Union(seen.Keys))
        {
            var probability = Math.Min(1, expected.GetValueOrDefault(cell));
            var error = Math.Sqrt(Math.Max(probability * (1 - probability), 1.0 / Draws) / Draws);
            var share = seen.GetValueOrDefault(cell) / (double)Draws;
            Assert.True(Math.Abs(share - probability) <= StandardErrors * error, $"{cell}: drawn {share:F4}, expected {probability:F4}, error {error:F4}");
        }
    }

    private static List<LoginShown> Draw(BenchmarkPlan plan, IAttacker attacker, int row)
    {
        ref readonly var login = ref plan.Logins[row];
        var past = plan.Logins.Before(row);
        var random = new SeededRandom(29);
        var drawn = new List<LoginShown>(Draws);
        for (var i = 0; i < Draws; i++)
        {
            var mobility = random.Weighted([login.Belief[0], login.Belief[1], login.Belief[2]]);
            var replaced = login with { Shown = plan.Habits.DrawNext(past, login.Time, mobility, random).Shown };
            drawn.Add(attacker.Draw(new Victim(plan.Habits.Expect(past, login.Time, login.Belief), replaced), i, random));
        }

        return drawn;
    }

    private static double Density(BenchmarkPlan plan, IAttacker attacker, int row, LoginShown shown)
    {
        ref readonly var login = ref plan.Logins[row];
        var victim = new Victim(plan.Habits.Expect(plan.Logins.Before(row), login.Time, login.Belief), login);
        return attacker.Density(victim, shown, victim.Expected.Of(shown));
    }

    /// <summary>A login with a history of several addresses of a network of many /24, soon after the last, of a subject with coordinates.</summary>
    private static int SomeRow(BenchmarkPlan plan) => Enumerable.Range(0, plan.Logins.Count).First(row =>
    {
        ref readonly var login = ref plan.Logins[row];
        var past = plan.Logins.Before(row);
        return past.Length is > 5 and < 20 && ImpossibleTravelAttacker.IsLocated(login.Subject) && plan.Habits.Expect(past, login.Time, login.Belief).GapSeconds is > 1000 and < 15_000
            && past.ToArray().Select(each => (each.Shown.Network, each.Shown.Host)).Distinct().Count() > 2
            && plan.Habits.World.Networks[past[^1].Shown.Network].Blocks > 10;
    });

    private static IEnumerable<LoginShown> Hosts(BenchmarkPlan plan) =>
        from network in Enumerable.Range(0, plan.Habits.World.Networks.Count)
        from host in Enumerable.Range(0, plan.Habits.World.Networks[network].Hosts)
        select new LoginShown(network, host, 0, default);

    private static IEnumerable<LoginShown> Devices(BenchmarkPlan plan) =>
        from model in Enumerable.Range(0, DeviceCatalog.Models.Length)
        from release in Enumerable.Range(-70, 90)
        from os in Enumerable.Range(0, plan.Settings.Churn == UserAgentChurn.Realistic ? 1 : DeviceCatalog.Models[model].Os.Versions.Length)
        select new LoginShown(0, 0, model, new DeviceVersion((short)release, (byte)os));

    private static string AddressCell(BenchmarkPlan plan, int row, LoginShown shown)
    {
        var past = plan.Logins.Before(row).ToArray().Select(each => each.Shown);
        var network = plan.Habits.World.Networks[shown.Network];
        var relation = past.Any(each => each.Network == shown.Network && each.Host == shown.Host) ? "known address"
            : past.Any(each => each.Network == shown.Network && BenchmarkNetwork.BlockOf(each.Host) == BenchmarkNetwork.BlockOf(shown.Host)) ? "known /24"
            : past.Any(each => each.Network == shown.Network) ? "known network"
            : past.Any(each => plan.Habits.World.Networks[each.Network].Country == network.Country) ? "known country" : "other country";
        return $"{relation}, {network.Kind}, listed {network.IsListed(shown.Host)}, {(network.Share > 0.002 ? "large" : "small")}";
    }

    private static string DeviceCell(BenchmarkPlan plan, int row, LoginShown shown)
    {
        var past = plan.Logins.Before(row).ToArray().Select(each => each.Shown).ToList();
        var relation = past.Any(each => each.Model == shown.Model && each.Version == shown.Version) ? "known version" : past.Any(each => each.Model == shown.Model) ? "known model" : "new model";
        return $"{relation}, {DeviceCatalog.Models[shown.Model].Type}, {shown.Version.Release > past[^1].Version.Release}";
    }

    private static IAttacker Law(BenchmarkPlan plan, string family)
    {
        var nobody = new DonorIndex(plan.Logins, plan.Habits.World, _ => false);
        return BenchmarkPlan.Families(plan.Habits, nobody, new InfrastructureHosts(plan.Habits.World), plan.Settings.Seed)[AttackFamilies.IndexOf(family)]!;
    }
}
