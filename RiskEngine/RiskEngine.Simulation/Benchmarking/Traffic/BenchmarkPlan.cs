using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Benchmarking.Traffic.Campaigns;
using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>All that will happen in a stream, before it is told. Immutable once built.</summary>
internal sealed class BenchmarkPlan
{
    public BenchmarkPlan(BenchmarkSettings settings)
    {
        Settings = settings;
        var random = SeededRandom.For((ulong)settings.Seed, Purpose.BenchmarkCampaigns, 0);
        var world = new BenchmarkWorld(settings.Seed, settings.Subjects);
        var hosts = new InfrastructureHosts(world);
        Habits = new Habits(world, settings.Churn == UserAgentChurn.RbaLike ? new ShuffledVersions() : new MonthlyReleases());
        Logins = new HonestLogins(settings, Habits);
        Splits = new Splits(settings.Start);
        Switches = new UserSwitches(Logins, Splits, random);
        var donors = new DonorIndex(Logins, world, Switches.Precedes);
        Switches.Run(Habits, donors, random);
        Sprays = new Sprays(settings, Logins, Habits, hosts, Switches.Spares, random);
        Failures = FailedTries.Draw(settings, Logins, Habits, hosts);
        Attackers = Families(Habits, donors, hosts, settings.Seed);
        Oracle = new Oracle(Attackers);
        Probes = new ProbePlan(Logins, Splits, Attackers, Habits, IsCounted, settings.Seed);
    }

    public BenchmarkSettings Settings { get; }

    public Habits Habits { get; }

    public HonestLogins Logins { get; }

    public Splits Splits { get; }

    public UserSwitches Switches { get; }

    public Sprays Sprays { get; }

    public List<FailedTry> Failures { get; }

    /// <summary>Gets who attacks, by family; null where only a campaign does.</summary>
    public IReadOnlyList<IAttacker?> Attackers { get; }

    public Oracle Oracle { get; }

    public ProbePlan Probes { get; }

    /// <summary>Whether an honest row is its subject's own and nobody else has been in the account before it.</summary>
    public bool IsCounted(int row) => Switches.Precedes(row) && !Sprays.IsHitBefore(Logins[row].Subject, Logins[row].Time);

    internal static IAttacker?[] Families(Habits habits, DonorIndex donors, InfrastructureHosts hosts, int seed) =>
        [.. AttackFamilies.Names.Select(name => (IAttacker?)(name switch
        {
            // Whoever switches in is any other user, and so is each login of theirs.
            "naive" or "user_switch" => new NaiveAttacker(habits, donors),
            "vpn" => new VpnAttacker(habits, donors),
            "targeted" => new TargetedAttacker(habits, donors),
            "infrastructure" => new InfrastructureAttacker(habits, donors, hosts),
            "impossible_travel" => new ImpossibleTravelAttacker(habits, donors, new Geography(habits.World)),
            "takeover_rare_asn" => new TakeoverAttacker(habits, isRare: true, seed),
            "takeover_common_asn" => new TakeoverAttacker(habits, isRare: false, seed),
            "mimic" => new MimicAttacker(),
            "blind" => new RelayAttacker(habits),
            _ => null,
        }))];
}
