namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>Probabilities of the three kinds of mobility (<see cref="Mobility"/>); they sum to 1.</summary>
internal readonly record struct MobilityBelief(float Settled, float Usual, float Restless)
{
    public static MobilityBelief Prior { get; } = new(0.50f, 0.35f, 0.15f);

    public double this[int kind] => kind switch { 0 => Settled, 1 => Usual, _ => Restless };

    /// <summary>Bayes' rule.</summary>
    public MobilityBelief Given(double settled, double usual, double restless)
    {
        var (a, b, c) = (Settled * settled, Usual * usual, Restless * restless);
        var total = a + b + c;
        return total > 0 ? new((float)(a / total), (float)(b / total), (float)(c / total)) : this;
    }
}
