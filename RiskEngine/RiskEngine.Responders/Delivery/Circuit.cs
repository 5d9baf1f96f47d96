using RiskEngine.Core.Events;

namespace RiskEngine.Responders.Delivery;

/// <summary>Whether a target is out of order: then one delivery at a time asks whether it is back, in the place of all that waits.</summary>
/// <remarks>The pattern is M. Nygard's circuit breaker ("Release It!", 2007). Thread-safe.</remarks>
internal sealed class Circuit(PumpSettings settings)
{
    private readonly Lock _gate = new();
    private int _failures;
    private EventTime _probeAt, _leftAloneUntil;

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
        lock (_gate)
        {
            var until = _probeAt > _leftAloneUntil ? _probeAt : _leftAloneUntil;
            return now < until ? until - now : TimeSpan.Zero;
        }
    }

    /// <summary>The target answered; true where it had been out of order. A time for which it asked to be left alone goes on: the answer may be to what was asked before.</summary>
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
            if (notBefore is { } wanted && now + wanted > _leftAloneUntil) _leftAloneUntil = now + wanted;
            if (beyond > 0)
            {
                // Half of it for certain: a probe that follows at once tells nothing.
                var probe = BackOff.Wait(seed, beyond, settings.FirstDelay, settings.LongestProbeDelay);
                var bound = Math.Min(settings.LongestProbeDelay.TotalMilliseconds, settings.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(beyond - 1, 32)));
                var at = now + ((probe + TimeSpan.FromMilliseconds(bound)) / 2);
                if (at > _probeAt) _probeAt = at;
            }

            return beyond == 1;
        }
    }
}
