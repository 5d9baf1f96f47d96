using System.Diagnostics;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry.Traces;

/// <summary>One span for each batch, and one within it for each stage.</summary>
/// <remarks>
/// <para>
/// Made once the batch is durable, from the times that the pipeline gives, so the pipeline knows nothing of it. Observers between <see cref="First"/> and
/// <see cref="Last"/> work within the span <c>publish</c>: what they log and measure leads to the trace.
/// </para>
/// <para>
/// A batch belongs to the trace of its first submission that has a recorded one, and links to the others and to those that its events came with by themselves,
/// <see cref="Spans.MostLinks"/> at most. Batches that fail have none; the span of their submission tells of the failure. One thread at a time.
/// </para>
/// </remarks>
internal sealed class BatchSpans
{
    private readonly Spans _spans;
    private readonly TimeProvider _clock;
    private Activity? _batch;
    private Activity? _publish;

    public BatchSpans(Spans spans, TimeProvider clock)
    {
        (_spans, _clock) = (spans, clock);
        (First, Last) = (new Beginning(this), new End(this));
    }

    /// <summary>Gets what is to be told of a batch before all others.</summary>
    public IPipelineObserver First { get; }

    /// <summary>Gets what is to be told of a batch after all others.</summary>
    public IPipelineObserver Last { get; }

    private void Begin(Effects effects, in BatchTiming timing)
    {
        if (!_spans.Source.HasListeners()) return;
        var at = _clock.GetUtcNow() - timing.Enrich - timing.Load - timing.Judge - timing.Commit;
        var parent = Spans.ParentOf(timing.Traces);
        _batch = _spans.Source.StartActivity("batch", ActivityKind.Internal, parent, null, Spans.LinksOf(timing.Traces.Concat(effects.Batch.Traces.Distinct(Spans.MostLinks)), parent), at);
        if (_batch is not { IsAllDataRequested: true } batch) return;
        batch.SetTag("riskengine.events", effects.Batch.Count).SetTag("riskengine.submissions", timing.Sources.Count);
        if (timing.Sources.Count == 1) batch.SetTag("riskengine.source", timing.Sources[0].Source);
        Stage("enrich", ref at, timing.Enrich);
        Stage("load", ref at, timing.Load);
        Stage("judge", ref at, timing.Judge);
        Stage("commit", ref at, timing.Commit);
        _publish = _spans.Begin("publish");
    }

    private void Stage(string name, ref DateTimeOffset at, TimeSpan took)
    {
        using var stage = _spans.Source.StartActivity(name, ActivityKind.Internal, _batch!.Context, startTime: at);
        at += took;
        stage?.SetEndTime(at.UtcDateTime);
    }

    private void Finish()
    {
        _publish?.Dispose();
        _batch?.Dispose();
        (_publish, _batch) = (null, null);
    }

    private sealed class Beginning(BatchSpans spans) : IPipelineObserver
    {
        public void Committed(Effects effects, in BatchTiming timing) => spans.Begin(effects, timing);
    }

    private sealed class End(BatchSpans spans) : IPipelineObserver
    {
        public void Committed(Effects effects, in BatchTiming timing) => spans.Finish();
    }
}
