using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>Versions as in the RBA data set, whose makers drew them anew: often neither the browser's nor the system's is the one of before.</summary>
/// <remarks>
/// Fitted so that 41 % of logins show a browser version and 22 % a system version new to the account, which makes half of the user agents new to it
/// (Wiefling et al. 2022, CC BY 4.0).
/// </remarks>
internal sealed class ShuffledVersions : IVersionProcess
{
    private const int Releases = 60;
    private const double BrowserChange = 0.36;
    private const double OsChange = 0.22;
    private const double UsualOs = 0.2;

    public DeviceVersion Draw(int model, long time, SeededRandom random) => new(DrawRelease(model, random), DrawOs(model, random));

    public DeviceVersion Next(int model, DeviceVersion earlier, long earlierTime, long time, SeededRandom random) => new(
        random.Chance(BrowserChange) ? DrawRelease(model, random) : earlier.Release,
        random.Chance(OsChange) ? DrawOs(model, random) : earlier.Os);

    public double Density(int model, DeviceVersion version, long time) => ReleaseDensity(model, version.Release) * OsDensity(model, version.Os);

    public double NextDensity(int model, DeviceVersion version, DeviceVersion earlier, long earlierTime, long time) =>
        ((BrowserChange * ReleaseDensity(model, version.Release)) + (version.Release == earlier.Release ? 1 - BrowserChange : 0))
        * ((OsChange * OsDensity(model, version.Os)) + (version.Os == earlier.Os ? 1 - OsChange : 0));

    private static short DrawRelease(int model, SeededRandom random) =>
        DeviceCatalog.Models[model].Browser.IsFixed ? (short)0 : (short)-random.Below(Releases);

    private static double ReleaseDensity(int model, short release) =>
        DeviceCatalog.Models[model].Browser.IsFixed ? (release == 0 ? 1 : 0) : release is <= 0 and > -Releases ? 1.0 / Releases : 0;

    private static byte DrawOs(int model, SeededRandom random)
    {
        var count = DeviceCatalog.Models[model].Os.Versions.Length;
        return count == 1 || random.Chance(UsualOs) ? (byte)0 : (byte)(1 + random.Below(count - 1));
    }

    private static double OsDensity(int model, byte os)
    {
        var count = DeviceCatalog.Models[model].Os.Versions.Length;
        if (count == 1 || os >= count) return os < count ? 1 : 0;
        return os == 0 ? UsualOs : (1 - UsualOs) / (count - 1);
    }
}
