namespace RiskEngine.Simulation.Benchmarking.Baselines;

/// <summary>The baselines in the order in which reports list them, a fresh one each.</summary>
public static class BaselineList
{
    /// <param name="seed">What the random one draws from.</param>
    public static IReadOnlyList<IBaseline> Create(int seed) =>
    [
        new RandomBaseline(seed), new NewCountryBaseline(), new NewAddressBaseline(), new NewAddressOrUserAgentBaseline(), new RareAsnBaseline(), new BlocklistBaseline(),
    ];
}
