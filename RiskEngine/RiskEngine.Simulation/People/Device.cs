using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>A browser that somebody logs in with. It keeps its cookie (three in five do) and updates itself.</summary>
internal sealed class Device
{
    private const double CookieShare = 0.6;

    private readonly Browser _browser;
    private readonly TimeSpan _lag;
    private int _release = int.MinValue;
    private string _userAgent = "";

    private Device(Browser browser, SeededRandom random)
    {
        _browser = browser;
        _lag = random.Span(TimeSpan.Zero, TimeSpan.FromDays(20));
        Id = random.Chance(CookieShare) ? $"{random.Next():x16}{random.Next():x16}" : null;
    }

    public string? Id { get; }

    public bool IsPhone => _browser >= Browser.SafariPhone;

    public static Device Desktop(SeededRandom random) => new(UserAgents.Desktop(random), random);

    public static Device Phone(SeededRandom random) => new(UserAgents.Phone(random), random);

    public string UserAgent(EventTime now)
    {
        var release = UserAgents.Release(now, _lag);
        if (release != _release) (_release, _userAgent) = (release, UserAgents.Compose(_browser, release));
        return _userAgent;
    }
}
