using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry.Traces;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Telemetry.Traces;

/// <summary>Where nobody takes spans they cost nothing.</summary>
public sealed class SpanCostTests
{
    /// <summary>Other tests listen to the usual name.</summary>
    private readonly Spans _spans = new($"nobody listens to {Guid.NewGuid()}");

    [Fact]
    public void A_request_allocates_nothing_for_them()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = "here";
        Assert.Equal(0, Allocations.Least(() =>
        {
            _spans.BeginRequest(context, "a route")?.Dispose();
            _spans.Begin("a stage")?.Dispose();
        }));
    }

    [Fact]
    public void A_batch_allocates_nothing_for_them()
    {
        var (batches, effects) = (new BatchSpans(_spans, TimeProvider.System), new Effects());
        var timing = new BatchTiming(default, default, default, default, [("http", 1)], [new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)]);
        Assert.Equal(0, Allocations.Least(() =>
        {
            batches.First.Committed(effects, timing);
            batches.Last.Committed(effects, timing);
        }));
    }

    /// <summary>The two above measure what would be seen if it were there.</summary>
    [Fact]
    public void What_somebody_takes_does_allocate()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => ReferenceEquals(source, _spans.Source), Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        Assert.NotEqual(0, Allocations.Least(() => _spans.Begin("a stage")?.Dispose()));
    }
}
