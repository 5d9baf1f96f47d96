using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Pipeline;

/// <summary>Reads from a login what the fleet counts, by the rows as they were before it. Allocates nothing.</summary>
internal static class FleetReading
{
    /// <summary>Failures on a name, and addresses failing on it, that are ordinary: those from which its own detectors begin to speak.</summary>
    private const float Fumbles = 5, FumblingAddresses = 5;

    /// <summary>Names failing at an address that are ordinary, and how many more for each of its people.</summary>
    private const double OrdinaryNames = 5, NamesPerSubject = 0.25;

    /// <summary>What a login shows; false for events that are neither a success nor a failure.</summary>
    public static bool TryRead(in LoginContext context, ulong subject, out FleetLogin login)
    {
        login = default;
        if (context.Event.Kind is not (EventKind.Login or EventKind.LoginFailed or EventKind.MfaFailed)) return false;
        var pattern = context.IsFailure ? Failure(context) : Success(context);
        login = new FleetLogin(pattern, subject, context.Now, context.Event.SubjectIsUnknown);
        return true;
    }

    private static FleetPattern Success(in LoginContext context) =>
        context is { IsEstablished: true, IsAddressEvaluable: true, Summary: { WithAddress: > 0, SameAddress: 0, SameNetwork: 0 } } ? FleetPattern.SuccessElsewhere : FleetPattern.Success;

    private static FleetPattern Failure(in LoginContext context)
    {
        if (IsVouchedFor(context)) return FleetPattern.Failure;
        if (context.IsAddressEvaluable)
        {
            var people = Estimates.Subjects(context.Address, context.Now);
            var names = Estimates.FailedNames(context.Address, context.Now);
            if (people > names) return FleetPattern.Failure;
            if (names + Estimates.ThisPair(context) > OrdinaryNames + (NamesPerSubject * people)) return FleetPattern.NameOfMany;
        }

        if (context.SubjectFailures >= Fumbles) return context.SubjectFailedAddresses > FumblingAddresses ? FleetPattern.GuessFromMany : FleetPattern.Guess;
        return context.IsAddressEvaluable ? FleetPattern.Scattered : FleetPattern.Failure;
    }

    private static bool IsVouchedFor(in LoginContext context) =>
        context.Event.KnownDevice == true || context.Summary.SameDeviceId > 0 || context.Summary.SameAddress > 0 || context.Summary.SameNetwork > 0;
}
