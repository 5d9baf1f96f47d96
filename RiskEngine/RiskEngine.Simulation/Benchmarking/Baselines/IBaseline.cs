using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Baselines;

/// <summary>A way to score sign-ins that worked: sees what a login shows, and never whose it was.</summary>
/// <remarks>Fed in the order of the stream by one thread. A probe is scored and not learnt.</remarks>
public interface IBaseline
{
    /// <summary>Gets the name that reports write.</summary>
    string Name { get; }

    /// <summary>How suspicious a login is, by logins strictly before it.</summary>
    /// <returns>Higher is worse, on any scale; NaN where it has nothing to say, and then it never challenges.</returns>
    double Score(int subject, LoginAttributes login);

    /// <summary>Takes note of a login that happened.</summary>
    void Learn(int subject, LoginAttributes login);
}
