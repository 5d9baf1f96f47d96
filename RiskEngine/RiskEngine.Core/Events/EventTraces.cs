using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Events;

/// <summary>Which trace (W3C Trace Context) each event of a batch came with, kept as runs of events: most come with none, or all with one.</summary>
/// <remarks>Not thread-safe: it belongs to who has the batch.</remarks>
public sealed class EventTraces
{
    private readonly List<Run> _runs = [];

    /// <summary>Gets whether none came with any.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>The trace that an event came with; the default where it came with none.</summary>
    public ActivityContext Of(int index)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].End <= index) low = middle + 1;
            else high = middle;
        }

        return low < _runs.Count && _runs[low].Start <= index ? _runs[low].Trace : default;
    }

    /// <summary>The distinct ones in the order of their events.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<ActivityContext> Distinct(int most) => IsEmpty ? [] : [.. _runs.Select(run => run.Trace).Distinct().Take(most)];

    /// <summary>Notes the trace of events that follow upon those noted so far.</summary>
    /// <param name="start">Index of the first of them.</param>
    /// <param name="end">Index behind the last of them.</param>
    /// <param name="trace">The default for none.</param>
    internal void Note(int start, int end, in ActivityContext trace)
    {
        if (trace == default || start >= end) return;
        if (_runs.Count > 0 && _runs[^1] is var last && last.End == start && last.Trace == trace) _runs[^1] = last with { End = end };
        else _runs.Add(new Run(start, end, trace));
    }

    /// <summary>Notes those of some events of another batch.</summary>
    /// <param name="by">What is added to an index there to get the one here.</param>
    internal void AppendRange(EventTraces other, int start, int count, int by)
    {
        foreach (ref readonly var run in CollectionsMarshal.AsSpan(other._runs)) Note(Math.Max(run.Start, start) + by, Math.Min(run.End, start + count) + by, run.Trace);
    }

    /// <summary>Forgets those of events from that one on.</summary>
    internal void Cut(int count)
    {
        while (_runs.Count > 0 && _runs[^1].End > count)
        {
            var last = _runs[^1];
            _runs.RemoveAt(_runs.Count - 1);
            Note(last.Start, count, last.Trace);
        }
    }

    private readonly record struct Run(int Start, int End, ActivityContext Trace);
}
