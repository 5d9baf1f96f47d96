using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>How the versions that a device shows change between its logins. Draws and densities are of the same law; implementations are immutable.</summary>
internal interface IVersionProcess
{
    /// <summary>Versions of a device that nothing is known of.</summary>
    DeviceVersion Draw(int model, long time, SeededRandom random);

    /// <summary>Versions of a device that showed others before.</summary>
    DeviceVersion Next(int model, DeviceVersion earlier, long earlierTime, long time, SeededRandom random);

    /// <summary>Probability of <see cref="Draw"/>.</summary>
    double Density(int model, DeviceVersion version, long time);

    /// <summary>Probability of <see cref="Next"/>.</summary>
    double NextDensity(int model, DeviceVersion version, DeviceVersion earlier, long earlierTime, long time);
}
