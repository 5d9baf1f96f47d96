using System.Diagnostics.Metrics;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of decisions that people take, and of blocks whoever made them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PeopleMetrics(InstrumentSet instruments)
{
    private readonly Counter<long> _blocks = instruments.Counter(
        "riskengine_blocks_total", "Blocks made.",
        from scope in BlockNames.AllScopes
        from origin in BlockNames.AllOrigins
        from enforced in new[] { "false", "true" }
        select Tags.Of("scope", scope, "origin", origin, "enforced", enforced));

    private readonly Counter<long> _feedback = instruments.Counter(
        "riskengine_feedback_total", "What people said of assessments.",
        Enum.GetValues<FeedbackLabel>().Select(label => Tags.Of("label", label.Name())));

    public void Blocked(Block block) =>
        _blocks.Add(1, new("scope", block.Scope.Name()), new("origin", block.Origin.Name()), new("enforced", block.Enforced ? "true" : "false"));

    public void Said(FeedbackLabel label) => _feedback.Add(1, new KeyValuePair<string, object?>("label", label.Name()));
}
