using System.Diagnostics;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry.Traces;

/// <summary>Makes the spans of one server, for whoever listens: requests, stages of batches, deliveries.</summary>
/// <remarks>
/// Costs a comparison where nobody listens. No attribute holds a subject, an address, a user agent or a message. Traces of callers are taken up and passed on
/// (W3C Trace Context, https://www.w3.org/TR/trace-context/). Thread-safe.
/// </remarks>
internal sealed class Spans(string name = Spans.Name) : IDisposable
{
    /// <summary>What receivers know the spans and metrics of this program by.</summary>
    public const string Name = "RiskEngine";

    /// <summary>Links of one span: what is beyond them is known to the events themselves.</summary>
    public const int MostLinks = 64;

    /// <summary>What the standard asks everybody to pass on, and more is not taken.</summary>
    private const int LongestState = 512;

    /// <summary>Gets what listeners listen to.</summary>
    public ActivitySource Source { get; } = new(name);

    /// <summary>Begins the span of a request, within the trace that the caller sent, if any.</summary>
    /// <returns>
    /// To be ended with the request. Where nobody listens, what exemplars and log lines have of a caller's sampled trace; null where there is none.
    /// </returns>
    public Activity? BeginRequest(HttpContext context, string route)
    {
        var headers = context.Request.Headers;
        var isWanted = Source.HasListeners();
        if (!isWanted && headers.TraceParent.Count == 0) return null;
        var caller = CallerOf(headers);
        if (isWanted && Source.StartActivity(route, ActivityKind.Server, caller) is { } span) return span;
        if (!caller.IsRecorded()) return null;
        var passed = new Activity(route) { TraceStateString = caller.TraceState };
        passed.SetParentId(caller.TraceId, caller.SpanId, caller.TraceFlags);
        return passed.Start();
    }

    /// <summary>Begins a span within the current one; null where nobody listens.</summary>
    public Activity? Begin(string what, ActivityKind kind = ActivityKind.Internal) => Source.HasListeners() ? Source.StartActivity(what, kind) : null;

    /// <summary>Begins the span of a request by somebody whom nobody proved: a trace of its own, so that no stranger says what is recorded. Null where nobody listens.</summary>
    public Activity? BeginStrangers(string route) => Source.HasListeners() ? Source.StartActivity(route, ActivityKind.Server, default(ActivityContext)) : null;

    /// <summary>Begins the span of a submission whose events came with traces of their own: within the first of them that is recorded, with links to the others. Null where nobody listens.</summary>
    public Activity? BeginSubmission(EventTraces traces)
    {
        if (!Source.HasListeners()) return null;
        if (traces.IsEmpty) return Source.StartActivity("submit", ActivityKind.Consumer);
        var distinct = traces.Distinct(MostLinks);
        var parent = ParentOf(distinct);
        return Source.StartActivity("submit", ActivityKind.Consumer, parent, links: LinksOf(distinct, parent));
    }

    /// <summary>Which of several traces a span that they have in common belongs to: the first that is recorded, or else the first.</summary>
    public static ActivityContext ParentOf(IReadOnlyList<ActivityContext> traces)
    {
        foreach (var trace in traces)
        {
            if (trace.IsRecorded()) return trace;
        }

        return traces.Count > 0 ? traces[0] : default;
    }

    /// <summary>Links to those of other traces than the parent's, each once.</summary>
    public static IEnumerable<ActivityLink> LinksOf(IEnumerable<ActivityContext> traces, ActivityContext parent) =>
        traces.Where(trace => trace.TraceId != parent.TraceId).Distinct().Take(MostLinks).Select(trace => new ActivityLink(trace));

    public void Dispose() => Source.Dispose();

    private static ActivityContext CallerOf(IHeaderDictionary headers)
    {
        var state = headers.TraceState.ToString() is { Length: > 0 and <= LongestState } said ? said : null;
        return headers.TraceParent.Count == 1 && TraceParent.TryRead(headers.TraceParent[0], state, out var caller) ? caller : default;
    }
}
