using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The login comes through Tor, which this subject does not use.</summary>
/// <remarks>
/// Each earlier login through Tor that was accepted takes a part of the evidence away, until it is the subject's habit. Place, system and address
/// of an exit are drawn by lot, so the detectors of novelty keep quiet about them and this one stands for them. Silent where no feed names the
/// address. Number: logins through Tor in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class TorExitDetector(TorExitSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.TorExit;

    public Signal? Detect(in LoginContext context)
    {
        if ((context.Facts.Networks & NetworkKinds.Tor) == NetworkKinds.None || !context.IsAddressEvaluable) return null;
        return Evidence.Of(Code, settings.Evidence * Habit.Unusual(context.Summary.OnTor, settings.HabitLogins), context.Summary.OnTor);
    }
}
