using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The subject logs in at another time of day than usual; at its usual time, a little evidence in its favour.</summary>
/// <remarks>
/// A density on the circle of the day, by a triangular kernel three hours to either side (<see cref="HistorySummary.SameHour"/>) with three imaginary logins
/// spread evenly, compared with an even spread: whoever works in shifts has no usual hour. Midnight is an hour like others. Scaled by how well
/// the subject is known; nothing before ten logins. Numbers: logins within three hours, logins in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class UnusualHourDetector(UnusualHourSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.UnusualHour;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (summary.Count < LoginContext.LearningLogins || !context.IsSuccessOrAttempt || context.Event.ServiceAccount) return null;
        const double Even = (double)HistorySummary.HourReach / 86_400;
        var density = (summary.SameHour + (Imaginary * Even)) / ((summary.Count + Imaginary) * Even);
        var evidence = Math.Clamp(-Math.Log(density), -settings.UsualEvidence, settings.Evidence);
        return Evidence.Of(Code, evidence, summary.SameHour, summary.Count);
    }

    private const double Imaginary = 3;
}
