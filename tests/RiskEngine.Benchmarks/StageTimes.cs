using System.Diagnostics;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Benchmarks;

/// <summary>Adds up how long each stage of the pipeline took, by the clock, the writing of assessments included.</summary>
/// <param name="writer">Writes the assessments.</param>
internal sealed class StageTimes(IPipelineObserver writer) : IPipelineObserver
{
    private TimeSpan _enrich, _load, _judge, _commit, _write;

    public void Committed(Effects effects, in BatchTiming timing)
    {
        _enrich += timing.Enrich;
        _load += timing.Load;
        _judge += timing.Judge;
        _commit += timing.Commit;
        var started = Stopwatch.GetTimestamp();
        writer.Committed(effects, timing);
        _write += Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Microseconds an event, in words.</summary>
    public string PerEvent(long events)
    {
        string Of(TimeSpan time) => $"{time.TotalMicroseconds / events:0.00}";
        return $"enrich {Of(_enrich)}, load {Of(_load)}, judge {Of(_judge)}, commit and the wait for a thread {Of(_commit)}, write {Of(_write)} us/event";
    }
}
