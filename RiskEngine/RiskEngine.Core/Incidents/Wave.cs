using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>The latest stretch of spraying or stuffing in an incident, and whether it goes with that of another.</summary>
/// <remarks>
/// Who guesses from several providers at once leaves nothing in common but the time: his waves begin together and go on together. So two waves of eight
/// steps or more are one when neither has more than four times the steps of the other, and neither their beginnings nor their latest steps lie further
/// apart than a quarter of the time for which both went on, or than five minutes, for some guesses go by before an address is known to guess. A wave is over after <see cref="Pause"/> without a step. In event time;
/// not thread-safe.
/// </remarks>
internal sealed class Wave
{
    /// <summary>Steps from which two waves are compared.</summary>
    private const long Least = 8;

    /// <summary>How many times as many steps one of two waves may have.</summary>
    private const long Pace = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromHours(4), Slack = TimeSpan.FromMinutes(5);

    private EventTime _began;
    private EventTime _last;
    private long _steps;
    private long _comparedAt = Least;

    /// <summary>Adds a step; one from before the wave belongs to an earlier wave and is left out.</summary>
    /// <returns>Whether it is time to compare the wave with others: whenever it has a quarter more steps, so that a long one is compared few times.</returns>
    public bool Add(EventTime at)
    {
        if (_steps == 0 || at - _last > Pause) (_began, _last, _steps, _comparedAt) = (at, at, 0, Least);
        else if (_began - at > Pause) return false;
        if (at < _began) _began = at;
        if (at > _last) _last = at;
        if (++_steps < _comparedAt) return false;
        _comparedAt += _comparedAt / 4;
        return true;
    }

    /// <summary>Takes the steps of another wave, or becomes it where it is a later one.</summary>
    public void Add(Wave other)
    {
        if (other._steps == 0 || _began - other._last > Pause) return;
        if (_steps == 0 || other._began - _last > Pause)
        {
            (_began, _last, _steps, _comparedAt) = (other._began, other._last, other._steps, other._comparedAt);
            return;
        }

        if (other._began < _began) _began = other._began;
        if (other._last > _last) _last = other._last;
        _steps += other._steps;
        _comparedAt = Math.Max(_comparedAt, other._comparedAt);
    }

    /// <summary>Whether two waves began together and go on together.</summary>
    public bool GoesWith(Wave other)
    {
        if (_steps < Least || other._steps < Least || _steps > other._steps * Pace || other._steps > _steps * Pace) return false;
        var both = (_last < other._last ? _last : other._last) - (_began > other._began ? _began : other._began);
        var apart = both / 4 > Slack ? both / 4 : Slack;
        return both >= TimeSpan.Zero && (_began - other._began).Duration() <= apart && (_last - other._last).Duration() <= apart;
    }
}
