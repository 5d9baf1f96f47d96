using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Says of what is owed in which trace it came to be, so that its delivery leads there, also after a restart.</summary>
internal static class OwedTraces
{
    /// <summary>Notes the trace of an event with what is owed because of it.</summary>
    /// <param name="first">Place of the first of these items.</param>
    public static void Note(Effects effects, int index, int first)
    {
        if (effects.Owed.Count == first || effects.Batch.Traces.Of(index) is var trace && !trace.IsRecorded()) return;
        var told = TraceParent.Write(trace);
        for (var i = first; i < effects.Owed.Count; i++) effects.Owed[i] = effects.Owed[i] with { Trace = told };
    }
}
