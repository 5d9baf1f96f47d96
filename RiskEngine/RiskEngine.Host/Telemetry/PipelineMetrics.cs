using System.Diagnostics.Metrics;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of the pipeline: counted in arrays while a batch is looked at, told to the instruments once a batch.</summary>
/// <remarks>One thread at a time, as the pipeline promises its observers.</remarks>
public sealed class PipelineMetrics : IPipelineObserver
{
    private readonly EventMetrics _events;
    private readonly AssessmentMetrics _assessments;
    private readonly CountryMetrics _countries;
    private readonly PeopleMetrics _people;
    private readonly Histogram<double> _store;
    private readonly Histogram<double> _duration;
    private readonly KeyValuePair<string, object?> _storeName;

    internal PipelineMetrics(InstrumentSet instruments, IntakeMetrics intake, SourceMetrics sources, PeopleMetrics people, TelemetrySettings settings, TimeProvider clock)
    {
        _people = people;
        _events = new EventMetrics(instruments, intake, sources, settings.Sources, clock);
        _assessments = new AssessmentMetrics(instruments);
        _countries = new CountryMetrics(instruments);
        _storeName = new("store", settings.Store);
        _store = instruments.Histogram(
            "riskengine_store_operation_duration_seconds", "Time that the store took for one batch.", Buckets.Durations,
            Tags.Of("store", settings.Store, "operation", "load"), Tags.Of("store", settings.Store, "operation", "commit"));
        _duration = instruments.Histogram(
            "riskengine_assessment_duration_seconds", "Time to look up the facts of one batch, to load its state and to judge it.", Buckets.Durations, Tags.None);
    }

    public void Committed(Effects effects, in BatchTiming timing)
    {
        var first = 0;
        foreach (var (source, count) in timing.Sources)
        {
            _events.Count(effects, source, first, count);
            first += count;
        }

        _assessments.Count(effects);
        _countries.Count(effects);
        foreach (var made in effects.NewBlocks) _people.Blocked(made.Block);
        _store.Record(timing.Load.TotalSeconds, _storeName, new("operation", "load"));
        _store.Record(timing.Commit.TotalSeconds, _storeName, new("operation", "commit"));
        _duration.Record((timing.Enrich + timing.Load + timing.Judge).TotalSeconds);
    }
}
