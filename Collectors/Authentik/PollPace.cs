namespace RiskEngine.Collectors.Authentik;

/// <summary>How long to wait before the next poll: the interval while all is well, twice as long after each failure in a row, and never less than was asked for.</summary>
public sealed class PollPace(TimeSpan interval)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>Gets the failures since the last success.</summary>
    public int Failures => _failures;

    public TimeSpan AfterSuccess(bool isCaughtUp)
    {
        _failures = 0;
        return isCaughtUp || interval < Behind ? interval : Behind;
    }

    public TimeSpan AfterFailure(TimeSpan? retryAfter)
    {
        _failures = Math.Min(_failures + 1, 16);
        var wait = interval * Math.Pow(2, _failures);
        if (wait > Longest) wait = interval > Longest ? interval : Longest;
        return retryAfter > wait ? retryAfter.Value : wait;
    }
}
