namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>The attackers of the benchmark, in the order in which tables list them.</summary>
public static class AttackFamilies
{
    /// <summary>Gets the names, as reports and settings write them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "naive", "vpn", "targeted", "user_switch", "infrastructure", "spray", "impossible_travel", "takeover_rare_asn", "takeover_common_asn", "mimic", "blind",
    ];

    /// <summary>Who shows what the victim would have shown: nobody can tell the two apart, and whoever does has seen a leak.</summary>
    public const string Mimic = "mimic";

    /// <summary>Who was written without sight of the engine, and whom nothing is fitted on.</summary>
    public const string Blind = "blind";

    public static int IndexOf(string name) => Names.ToList().IndexOf(name);
}
