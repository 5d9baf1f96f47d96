using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of proxies that ask whether a visitor may pass.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ForwardAuthMetrics(InstrumentSet instruments)
{
    private static readonly DecisionAction[] Actions = [DecisionAction.Allow, DecisionAction.Challenge, DecisionAction.Block];

    private readonly Histogram<double> _answers = instruments.Histogram(
        "riskengine_forward_auth_duration_seconds", "Time to answer whether a visitor may pass.", Buckets.Durations, Actions.Select(action => Tags.Of("decision", action.Name())));

    private readonly Counter<long> _sessions = instruments.Counter(
        "riskengine_forward_auth_sessions_total", "Sessions seen at proxies, on their way to the pipeline.", Tags.Of("outcome", "queued"), Tags.Of("outcome", "dropped"));

    public void Answered(DecisionAction action, TimeSpan took) => _answers.Record(took.TotalSeconds, new KeyValuePair<string, object?>("decision", action.Name()));

    public void Reported(bool isQueued) => _sessions.Add(1, new KeyValuePair<string, object?>("outcome", isQueued ? "queued" : "dropped"));

    /// <summary>Counts sessions that were queued and that the pipeline did not take.</summary>
    public void Dropped(int count) => _sessions.Add(count, new KeyValuePair<string, object?>("outcome", "dropped"));
}
