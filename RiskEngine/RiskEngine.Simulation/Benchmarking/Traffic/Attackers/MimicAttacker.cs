using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Shows all that the honest login shows: nobody can tell it, and whatever claims to has been misled.</summary>
internal sealed class MimicAttacker : IAttacker
{
    public LoginShown Draw(in Victim victim, int campaign, SeededRandom random) => victim.Replaced.Shown;

    public double Density(in Victim victim, in LoginShown shown, in Likelihoods honest) => honest.Login;
}
