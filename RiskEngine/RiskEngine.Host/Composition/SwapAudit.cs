using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Composition;

/// <summary>What the audit says of a new policy or a new model taking the place of the old one. Files of facts change by themselves and are not acts of anybody.</summary>
internal static class SwapAudit
{
    /// <summary>The record; null where both judge by the same.</summary>
    public static AuditEntry? Of(Snapshot before, Snapshot after, TimeProvider clock)
    {
        List<string> changes = [];
        Note("policy", before.Policy.Version, after.Policy.Version);
        Note("mode", before.Policy.Mode.ToString().ToLowerInvariant(), after.Policy.Mode.ToString().ToLowerInvariant());
        Note("model", before.ModelVersion, after.ModelVersion);
        return changes.Count == 0 ? null : new AuditEntry(0, EventTime.From(clock.GetUtcNow()), "system", "engine.swap", $"policy:{after.Policy.Version}", string.Join(", ", changes));

        void Note(string what, string old, string now)
        {
            if (old != now) changes.Add($"{what} {old} to {now}");
        }
    }
}
