using RiskEngine.Simulation.Attacks;

namespace RiskEngine.Simulation;

/// <summary>What to simulate. Equal settings give equal bytes, on every run and machine.</summary>
public sealed record SimulationSettings
{
    /// <summary>The word that stands for "no attacks" where a list of names is expected.</summary>
    public const string NoAttacks = "none";

    /// <summary>Gets the number of people with an account; machines come on top.</summary>
    /// <value>20 to 1,000,000. The default is 500.</value>
    public int Users { get; init; } = 500;

    /// <summary>Gets how long the run is, in days of 24 hours from <see cref="Start"/>.</summary>
    /// <value>1 to 3660. The default is 7.</value>
    public int Days { get; init; } = 7;

    /// <summary>Gets what all chance is drawn from.</summary>
    /// <value>Any whole number that is not negative. The default is 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Gets when the run begins.</summary>
    /// <value>From 2000 to 2100, to the millisecond. The default is a fixed Monday, 2026-01-05T00:00:00Z.</value>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets the names of the attacks to mix in.</summary>
    /// <value>Names of <see cref="AllAttacks"/>; empty, or "none" alone, for honest traffic only. The default is all of them.</value>
    public IReadOnlyList<string> Attacks { get; init; } = AllAttacks;

    /// <summary>Gets a factor on the number of campaigns; each attack has one at least.</summary>
    /// <value>0.01 to 100. The default is 1.</value>
    public double AttackIntensity { get; init; } = 1;

    /// <summary>Gets whether attackers' lines carry their label. Without it a stream can be handed to somebody who shall not know.</summary>
    /// <value>The default is true.</value>
    public bool Labels { get; init; } = true;

    /// <summary>Gets every attack's name, in the order of the referee's table.</summary>
    public static IReadOnlyList<string> AllAttacks => AttackCatalog.Names;

    /// <summary>Reads a comma-separated list of names as <c>--attacks</c> takes it. Unknown names are kept: <see cref="Faults"/> tells of them.</summary>
    public static IReadOnlyList<string> ParseAttacks(string list) => list switch
    {
        "all" => AllAttacks,
        NoAttacks => [],
        _ => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };

    /// <summary>Everything that is wrong with these settings, all of it at once; empty when nothing is.</summary>
    public IReadOnlyList<SimulationFault> Faults()
    {
        var faults = new List<SimulationFault>();
        if (Users is < 20 or > 1_000_000) faults.Add(new("users", $"must be 20 to 1000000, not {Users}."));
        if (Days is < 1 or > 3660) faults.Add(new("days", $"must be 1 to 3660, not {Days}."));
        if (Seed < 0) faults.Add(new("seed", $"must not be negative, but is {Seed}."));
        if (Start.Year is < 2000 or > 2100) faults.Add(new("start", $"must lie between 2000 and 2100, not in {Start.Year}."));
        if (!(AttackIntensity is >= 0.01 and <= 100)) faults.Add(new("attack_intensity", $"must be 0.01 to 100, not {AttackIntensity}."));
        foreach (var name in Attacks)
        {
            if (AllAttacks.Contains(name) || (name == NoAttacks && Attacks.Count == 1)) continue;
            faults.Add(new("attacks", name == NoAttacks
                ? $"\"{NoAttacks}\" stands alone or not at all."
                : $"\"{name}\" is no attack; did you mean \"{AttackCatalog.Nearest(name)}\"? Known are {string.Join(", ", AllAttacks)}, and {NoAttacks}."));
        }

        return faults;
    }
}
