using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The login comes from a data centre, from where this subject does not log in.</summary>
/// <remarks>
/// Each earlier accepted login from a data centre takes a part of the evidence away. Silent for service accounts, which live there, for privacy
/// relays and for Tor. Number: logins from data centres in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class DataCentreNetworkDetector(DataCentreNetworkSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.DataCentreNetwork;

    public Signal? Detect(in LoginContext context)
    {
        var networks = context.Facts.Networks;
        if ((networks & (NetworkKinds.DataCentre | NetworkKinds.Tor | NetworkKinds.Relay)) != NetworkKinds.DataCentre) return null;
        if (context.Event.ServiceAccount || !context.IsAddressEvaluable) return null;
        return Evidence.Of(Code, settings.Evidence * Habit.Unusual(context.Summary.OnDataCentre, settings.HabitLogins), context.Summary.OnDataCentre);
    }
}
