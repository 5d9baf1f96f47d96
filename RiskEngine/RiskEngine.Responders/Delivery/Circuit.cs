using RiskEngine.Core.Events;

namespace RiskEngine.Responders.Delivery;

/// <summary>Whether a target is out of order: then one delivery at a time asks whether it is back, in the place of all that waits.</summary>
/// <remarks>The pattern is M. Nygard's circuit breaker ("Release It!", 2007). Thread-safe.</remarks>
internal sealed class Circuit(PumpSettings settings)
{
    private readonly Lock _gate = new();
    private int _failures;
    private EventTime _probeAt;

    /// <summary>Gets whether the target counts as out of order.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate) return _failures >= settings.FailuresToOpen;
        }
    }

    /// <summary>How long not to ask at all.</summary>
    public TimeSpan WaitAt(EventTime now)
    {
        lock (_gate) return now < _probeAt ? _probeAt - now : TimeSpan.Zero;
    }

    /// <summary>The target answered; true where it had been out of order.</summary>
    public bool Succeeded()
    {
        lock (_gate)
        {
            var wasOpen = _failures >= settings.FailuresToOpen;
            (_failures, _probeAt) = (0, default);
            return wasOpen;
        }
    }

    /// <summary>The target did not answer as it should; true where it counts as out of order from now on.</summary>
    /// <param name="notBefore">How long it asked to be left alone; kept to at once.</param>
    public bool Failed(EventTime now, long seed, TimeSpan? notBefore)
    {
        lock (_gate)
        {
            _failures++;
            var beyond = _failures - settings.FailuresToOpen + 1;
            var wait = notBefore ?? TimeSpan.Zero;
            if (beyond > 0)
            {
                // Half of it for certain: a probe that follows at once tells nothing.
                var probe = BackOff.Wait(seed, beyond, settings.FirstDelay, settings.LongestProbeDelay);
                var bound = Math.Min(settings.LongestProbeDelay.TotalMilliseconds, settings.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(beyond - 1, 32)));
                wait = Longest(wait, (probe + TimeSpan.FromMilliseconds(bound)) / 2);
            }

            if (now + wait > _probeAt) _probeAt = now + wait;
            return beyond == 1;
        }
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
