using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Makes a signal of evidence.</summary>
internal static class Evidence
{
    /// <summary>A signal, or none where the evidence is exactly zero. What is no number is passed on: the scorer drops and counts it.</summary>
    public static Signal? Of(SignalCode code, double nats, double a = 0, double b = 0, double c = 0) => nats == 0 ? null : new Signal(code, nats, a, b, c);
}
