using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Baselines;

/// <summary>A number from a seed: what every figure must be compared with first.</summary>
public sealed class RandomBaseline(int seed) : IBaseline
{
    private readonly SeededRandom _random = new((ulong)seed);

    public string Name => "random";

    public double Score(int subject, LoginAttributes login) => _random.Uniform();

    public void Learn(int subject, LoginAttributes login)
    {
    }
}

/// <summary>How rare the autonomous system is among all logins so far: −ln((n + 1) / (N + 1)), in nats. Knows nobody.</summary>
public sealed class RareAsnBaseline : IBaseline
{
    private readonly Dictionary<uint, int> _logins = [];
    private int _total;

    public string Name => "rare network";

    public double Score(int subject, LoginAttributes login) => -Math.Log((_logins.GetValueOrDefault(login.Asn) + 1.0) / (_total + 1.0));

    public void Learn(int subject, LoginAttributes login)
    {
        _logins[login.Asn] = _logins.GetValueOrDefault(login.Asn) + 1;
        _total++;
    }
}

/// <summary>1 for an address on the blocklist of the stream, 0 for any other.</summary>
public sealed class BlocklistBaseline : IBaseline
{
    public string Name => "blocklist";

    public double Score(int subject, LoginAttributes login) => login.IsListed ? 1 : 0;

    public void Learn(int subject, LoginAttributes login)
    {
    }
}
