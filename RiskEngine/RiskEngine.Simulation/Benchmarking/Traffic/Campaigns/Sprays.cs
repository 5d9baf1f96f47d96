using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Campaigns;

/// <summary>Passwords tried over many names from one to four addresses of one network, within twenty minutes to two hours; some are right.</summary>
internal sealed class Sprays
{
    private const int SubjectsPerCampaign = 800;
    private const int Tries = 200;
    private const double KnownNames = 0.5;
    private const double Right = 0.08;
    private const double Rented = 0.7;
    private const long Minute = 60_000;

    private readonly Dictionary<int, long> _hitAt = [];

    /// <param name="isFree">Whether a subject, by number, is in no other campaign.</param>
    public Sprays(BenchmarkSettings settings, HonestLogins logins, Habits habits, InfrastructureHosts hosts, Func<int, bool> isFree, SeededRandom random)
    {
        var start = settings.Start.ToUnixTimeMilliseconds();
        var length = LoginTimes.Days * 1440 * Minute;
        var campaigns = Math.Max(4, settings.Subjects / SubjectsPerCampaign);
        for (var campaign = 0; campaign < campaigns; campaign++)
        {
            // Evenly over the time that counts, so that every part has some.
            var begins = start + (long)(length * (0.3 + (0.69 * (campaign + random.Uniform()) / campaigns)));
            Run(campaign, begins, logins, habits, hosts, isFree, random);
        }

        All.Sort((left, right) => left.Time.CompareTo(right.Time));
    }

    public List<SprayTry> All { get; } = [];

    /// <summary>Whether the subject's account had been entered before: what comes after is not counted.</summary>
    public bool IsHitBefore(int subject, long time) => _hitAt.TryGetValue(subject, out var hit) && hit <= time;

    private void Run(int campaign, long begins, HonestLogins logins, Habits habits, InfrastructureHosts hosts, Func<int, bool> isFree, SeededRandom random)
    {
        var network = random.Chance(Rented) ? hosts.Draw(random).Network : habits.World.Draw(random);
        var addresses = Enumerable.Range(0, random.Between(1, 4)).Select(_ => habits.World.Networks[network].Lease(random)).ToArray();
        var model = DeviceCatalog.Draw(random, "desktop");
        var version = habits.Versions.Draw(model, begins, random);
        var length = random.Between(20, 120) * (int)Minute;
        for (var i = 0; i < Tries; i++)
        {
            var time = begins + random.Below(length);
            var subject = random.Chance(KnownNames) ? logins[random.Below(logins.Count)].Subject : -1;
            var hits = subject >= 0 && random.Chance(Right) && isFree(subject) && _hitAt.TryAdd(subject, time);
            All.Add(new SprayTry(time, new LoginShown(network, random.Pick(addresses), model, version), subject, (campaign * Tries) + i, hits));
        }
    }
}
