using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The login was confirmed with a factor that a phishing page cannot relay: evidence in its favour.</summary>
/// <remarks>
/// Keys and passkeys sign for the origin they were made for (W3C Web Authentication, section 13.4.9), and a smart card for its server; one-time codes
/// and pushes do not, and say nothing here. Only for a sign-in that worked: later a session can be stolen with it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class PhishingResistantFactorDetector(PhishingResistantFactorSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.PhishingResistantFactor;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Event.Kind != EventKind.Login) return null;
        foreach (var factor in context.Batch.List(context.Event.Mfa))
        {
            if (FactorNames.ResistPhishing(context.Batch.Text(factor))) return Evidence.Of(Code, -settings.Evidence);
        }

        return FactorNames.ResistPhishing(context.Batch.Text(context.Event.AuthMethod)) ? Evidence.Of(Code, -settings.Evidence) : null;
    }
}
