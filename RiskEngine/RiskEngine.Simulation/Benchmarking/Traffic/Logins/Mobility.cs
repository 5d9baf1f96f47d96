using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>How much a subject's address changes: settled, usual or restless, numbered 0 to 2 and never shown.</summary>
/// <remarks>
/// The probability that a login comes from a new lease rises with the time since the last one. The curve is fitted so that the share of logins from an
/// address new to the account follows the RBA data set's (Wiefling et al. 2022, CC BY 4.0), and the share of new networks its 8.5 %.
/// </remarks>
internal static class Mobility
{
    public const int Kinds = 3;
    private const double MostRenewal = 0.97;

    private static readonly double[] LeaseFactors = [0.6, 1.2, 1.6];
    private static readonly double[] NewNetworkShares = [0.105, 0.29, 0.43];

    // Seconds between the logins, and the renewal of a subject of factor 1.
    private static readonly QuantileTable Renewal = new(
        (0, 0.016), (60, 0.032), (600, 0.086), (3600, 0.185), (86_400, 0.272), (259_200, 0.37), (604_800, 0.46), (1_296_000, 0.575), (2_592_000, 0.73),
        (5_184_000, 0.95), (10_368_000, 1.1));

    public static int Draw(SeededRandom random) =>
        random.Weighted([MobilityBelief.Prior.Settled, MobilityBelief.Prior.Usual, MobilityBelief.Prior.Restless]);

    /// <summary>Probability that a login <paramref name="seconds"/> after the last comes from a new lease.</summary>
    public static double NewLease(int kind, double seconds) => Math.Min(MostRenewal, Renewal.At(seconds) * LeaseFactors[kind]);

    /// <summary>Part of the new leases that are of a network drawn anew: a trip, a phone, another provider.</summary>
    public static double NewNetwork(int kind) => NewNetworkShares[kind];
}
