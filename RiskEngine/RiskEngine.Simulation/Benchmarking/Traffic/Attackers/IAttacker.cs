using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Somebody who logs in as another: what they show, and how likely they are to show it.</summary>
/// <remarks>Draw and density stand beside each other so that the oracle is exact; a test holds them to each other. Implementations are immutable.</remarks>
internal interface IAttacker
{
    /// <summary>Whether this attacker would attack here at all.</summary>
    bool Attacks(in Victim victim) => true;

    /// <param name="campaign">Number of the campaign, what its attacks have in common.</param>
    LoginShown Draw(in Victim victim, int campaign, SeededRandom random);

    /// <summary>Probability that an attack at this moment shows this, by all that the subject had shown before it; 0 where it never does.</summary>
    /// <param name="honest">How likely the subject itself is to show it.</param>
    double Density(in Victim victim, in LoginShown shown, in Likelihoods honest);
}
