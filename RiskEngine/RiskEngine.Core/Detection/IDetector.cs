using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>One way to judge a login: sees everything known of it, says at most one thing.</summary>
/// <remarks>Implementations are sealed, immutable, pure and allocate nothing; a reload builds new ones. Safe for concurrent use.</remarks>
public interface IDetector
{
    /// <summary>Gets what the detector can say.</summary>
    SignalCode Code { get; }

    /// <summary>Judges one login; null where it has nothing to say.</summary>
    Signal? Detect(in LoginContext context);
}

/// <summary>What a detector says.</summary>
/// <param name="Code">What was seen.</param>
/// <param name="Evidence">Log-odds in nats, positive against the login, negative for it; finite and bounded by the detector's settings.</param>
/// <param name="A">Up to three numbers for the reason; their meaning is fixed in <c>SignalReasons</c>.</param>
public readonly record struct Signal(SignalCode Code, double Evidence, double A = 0, double B = 0, double C = 0);
