using System.Diagnostics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Takes up the trace of a caller that sends one (W3C Trace Context), so that exemplars can name it. Nothing is made for others.</summary>
internal static class TraceContext
{
    /// <returns>The activity to end with the request; null where the caller sent no sampled trace.</returns>
    public static Activity? Begin(HttpContext context, string name)
    {
        var parent = context.Request.Headers.TraceParent;
        if (parent.Count != 1 || !ActivityContext.TryParse(parent[0], null, isRemote: true, out var trace)) return null;
        if ((trace.TraceFlags & ActivityTraceFlags.Recorded) == ActivityTraceFlags.None) return null;
        var activity = new Activity(name);
        activity.SetParentId(trace.TraceId, trace.SpanId, trace.TraceFlags);
        return activity.Start();
    }
}
