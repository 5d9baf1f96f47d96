using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>An administrator begins to act as somebody else, from a device or place that is not known for this administrator.</summary>
/// <remarks>
/// The subject is the administrator. From the usual device it is their work and says nothing. Nothing is unfamiliar about a subject without history.
/// Number: accepted logins. Immutable; safe for concurrent use.
/// </remarks>
public sealed class ImpersonationDetector(ImpersonationSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.Impersonation;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Event.Kind != EventKind.ImpersonationStarted || !context.IsEstablished || context.IsFamiliar) return null;
        return Evidence.Of(Code, settings.Evidence * context.NoveltyWeight, context.Summary.Count);
    }
}
