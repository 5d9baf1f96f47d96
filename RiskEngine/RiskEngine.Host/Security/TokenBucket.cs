namespace RiskEngine.Host.Security;

/// <summary>A rate with room for bursts: each request takes a token, tokens come back evenly.</summary>
/// <remarks>Thread-safe: one interlocked number, the time at which the bucket would be full again (the generic cell rate algorithm).</remarks>
/// <param name="perSecond">Tokens that come back each second; more than 0.</param>
/// <param name="burst">Tokens that a full bucket holds; at least 1.</param>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider clock)
{
    private readonly long _interval = (long)(clock.TimestampFrequency / perSecond);
    private readonly long _tolerance = (long)(clock.TimestampFrequency / perSecond * (burst - 1));
    private long _fullAt = long.MinValue;

    /// <summary>Takes a token.</summary>
    /// <param name="retryAfter">Where there is none: how long until there is.</param>
    public bool TryTake(out TimeSpan retryAfter)
    {
        var now = clock.GetTimestamp();
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var start = Math.Max(fullAt, now);
            if (start - now > _tolerance)
            {
                retryAfter = clock.GetElapsedTime(now, start - _tolerance);
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _fullAt, start + _interval, fullAt);
            if (seen == fullAt)
            {
                retryAfter = default;
                return true;
            }

            fullAt = seen;
        }
    }
}
