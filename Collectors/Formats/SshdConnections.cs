using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Remembers which connections have already been told of, by process, so that their end is not counted again.</summary>
/// <remarks>
/// A fixed table: two processes whose numbers fall on one place make the older forgotten, which at worst counts one attempt twice. An entry is good for
/// ten minutes, longer than a connection may stay without signing in and shorter than process numbers take to come around.
/// </remarks>
internal sealed class SshdConnections
{
    private const int Places = 4096;
    private const long Lifetime = 10 * 60_000;

    private readonly (int Process, long Time)[] _told = new (int, long)[Places];

    public void Tell(int process, EventTime time) => _told[process & (Places - 1)] = (process, time.UnixMilliseconds);

    public bool IsTold(int process, EventTime time)
    {
        var (known, told) = _told[process & (Places - 1)];
        return known == process && Math.Abs(time.UnixMilliseconds - told) <= Lifetime;
    }
}
