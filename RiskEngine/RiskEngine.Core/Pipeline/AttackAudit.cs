using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>What the audit says of a period of attack: when it was found, and when it ended. It names nobody.</summary>
public static class AttackAudit
{
    /// <summary>The entry of a period as it is now.</summary>
    public static AuditEntry Of(in AttackPeriod period) => new(
        0, EventTime.FromUnixSeconds(period.IsOpen ? period.Start : period.LastSeen), "riskengine",
        period.Phase switch { AttackPhase.Open => "attack_found", AttackPhase.Ended => "attack_ended", _ => "attack_settled" }, $"attack:{period.Kind.Name()}", Text(period));

    /// <summary>The period in words with numbers.</summary>
    public static string Text(in AttackPeriod period)
    {
        var what = period.Kind is AttackKind.BruteForce or AttackKind.DistributedBruteForce ? "guesses" : period.Kind == AttackKind.NewAddressSurge ? "people" : "names";
        var peak = string.Create(CultureInfo.InvariantCulture, $"period {period.Number}: {period.Peak:0} {what} within an hour where {period.Expected:0.#} are usual");
        return period.Phase switch
        {
            AttackPhase.Open => peak,
            AttackPhase.Ended => string.Create(CultureInfo.InvariantCulture, $"{peak} at most, {period.Total:0} in all"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{peak} at most, {period.Total:0} in all; it went on for so long that it is usual from now on"),
        };
    }
}
