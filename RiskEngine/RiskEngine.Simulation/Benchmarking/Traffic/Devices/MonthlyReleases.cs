using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>Browsers come out every four weeks and reach a device after an exponentially distributed time with a mean of nine days. Systems stay.</summary>
/// <remarks>
/// Each release reaches each device by a delay of its own; a device shows the newest that has. As the exponential distribution forgets, what a device
/// showed last is all that its next version depends on: a release that was out and had not arrived then arrives within x with probability 1 − e^(−x/mean).
/// Releases of different models lie on different days.
/// </remarks>
internal sealed class MonthlyReleases : IVersionProcess
{
    private const int Oldest = 8;
    private const double Day = 86_400_000;
    private const double Cycle = 28 * Day;
    private const double MeanDelay = 9 * Day;

    // Chrome 144 came out on 13 January 2026.
    private static readonly long Reference = new DateTimeOffset(2026, 1, 13, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public DeviceVersion Draw(int model, long time, SeededRandom random) => new((short)Newest(model, Floor(model, time), long.MinValue, time, random), 0);

    public DeviceVersion Next(int model, DeviceVersion earlier, long earlierTime, long time, SeededRandom random) =>
        earlier with { Release = (short)Newest(model, earlier.Release, earlierTime, time, random) };

    public double Density(int model, DeviceVersion version, long time) =>
        version.Os == 0 ? Probability(model, version.Release, Floor(model, time), long.MinValue, time) : 0;

    public double NextDensity(int model, DeviceVersion version, DeviceVersion earlier, long earlierTime, long time) =>
        version.Os == earlier.Os ? Probability(model, version.Release, earlier.Release, earlierTime, time) : 0;

    private static int Newest(int model, int floor, long earlier, long time, SeededRandom random)
    {
        if (DeviceCatalog.Models[model].Browser.IsFixed) return 0;
        for (var release = Latest(model, time); release > floor; release--)
        {
            if (random.Exponential() * MeanDelay < Waited(model, release, earlier, time)) return release;
        }

        return floor;
    }

    private static double Probability(int model, int release, int floor, long earlier, long time)
    {
        if (DeviceCatalog.Models[model].Browser.IsFixed) return release == 0 ? 1 : 0;
        var latest = Latest(model, time);
        if (release < floor || release > Math.Max(latest, floor)) return 0;
        double result = 1;
        for (var newer = latest; newer > release; newer--) result *= Math.Exp(-Waited(model, newer, earlier, time) / MeanDelay);
        return release == floor ? result : result * (1 - Math.Exp(-Waited(model, release, earlier, time) / MeanDelay));
    }

    /// <summary>Milliseconds in which the release could have arrived and nobody looked.</summary>
    private static double Waited(int model, int release, long earlier, long time) => Math.Max(0, time - Math.Max(earlier, ReleasedAt(model, release)));

    private static int Latest(int model, long time) => (int)Math.Floor((time - ReleasedAt(model, 0)) / Cycle);

    private static int Floor(int model, long time) => Latest(model, time) - Oldest;

    private static double ReleasedAt(int model, int release) => Reference + (model * 11 % 28 * Day) + (release * Cycle);
}
