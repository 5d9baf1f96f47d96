using RiskEngine.Simulation.Benchmarking.Traffic.Networks;

namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>The benchmark's stream: honest logins of 390 days by published marginals, attackers in their place, and what an oracle would say of each.</summary>
/// <remarks>
/// First every honest login is drawn, as an attacker borrows from logins that are still to come; then campaigns and attacks are planned; then all of it is
/// told in time order. Memory grows with the subjects, by about 4 KB each. An attack is told right before the login that it stands in place
/// of, of the same subject at the same time; several families may attack one login. Equal settings give equal lines; what the oracle says may differ in the
/// last bits between machines. Immutable; each enumeration starts over and is for one thread.
/// </remarks>
public sealed class BenchmarkTraffic
{
    private readonly BenchmarkSettings _settings;

    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public BenchmarkTraffic(BenchmarkSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Subjects, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Subjects, 1_000_000);
        if (!(settings.FailureScale is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(settings), "FailureScale must be 0 to 1.");
        _settings = settings;
    }

    /// <summary>Pulls one case after the other. Times never decrease; a case's JSON holds until the next is pulled.</summary>
    public IEnumerable<BenchmarkCase> Cases()
    {
        using var teller = new CaseTeller(new BenchmarkPlan(_settings));
        foreach (var each in teller.Tell()) yield return each;
    }

    /// <summary>The addresses on the generator's own blocklist, as the honest and the attackers both may show them; each once, in no order.</summary>
    public IEnumerable<string> ListedAddresses()
    {
        var world = new BenchmarkWorld(_settings.Seed, _settings.Subjects);
        for (var network = 0; network < world.Networks.Count; network++)
        {
            for (var host = 0; host < world.Networks[network].Hosts; host++)
            {
                if (world.Networks[network].IsListed(host)) yield return world.Address(network, host).ToString();
            }
        }
    }
}
