namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>A browser and how it numbers its versions.</summary>
/// <param name="Name">As reports write it.</param>
/// <param name="Reference">Major version that was current at the reference release, number 0.</param>
/// <param name="Style">The version in full, with <c>{n}</c> for the major version and <c>{m}</c> for what follows from it.</param>
/// <param name="ReleasesPerMajor">1 where each release is a major version; more where releases are minor ones; 0 where it never changes.</param>
internal sealed record BrowserFamily(string Name, int Reference, string Style, int ReleasesPerMajor = 1)
{
    public static BrowserFamily Chrome { get; } = new("Chrome", 144, "{n}.0.0.0");

    public static BrowserFamily ChromeFull { get; } = new("Chrome", 144, "{n}.0.{m}.92");

    public static BrowserFamily Edge { get; } = new("Edge", 144, "{n}.0.0.0");

    public static BrowserFamily Opera { get; } = new("Opera", 127, "{n}.0.0.0");

    public static BrowserFamily Firefox { get; } = new("Firefox", 147, "{n}.0");

    public static BrowserFamily Safari { get; } = new("Safari", 26, "{n}.{m}", 8);

    public static BrowserFamily SafariBefore { get; } = new("Safari", 18, "{n}.{m}", 8);

    public static BrowserFamily Samsung { get; } = new("Samsung Internet", 29, "{n}.{m}", 4);

    public static BrowserFamily Search { get; } = new("Google Search", 397, "{n}.0.836500703");

    public static BrowserFamily Fixed { get; } = new("Chrome", 90, "{n}.0.4430.225", 0);

    public bool IsFixed => ReleasesPerMajor == 0;

    public int Major(int release) => IsFixed ? Reference : Reference + (int)Math.Floor((double)release / ReleasesPerMajor);

    public string Version(int release)
    {
        var major = Major(release);
        var minor = ReleasesPerMajor == 1 ? 7559 + (release * 61) : release - ((major - Reference) * ReleasesPerMajor);
        return Style.Replace("{n}", $"{major}").Replace("{m}", $"{minor}");
    }
}
