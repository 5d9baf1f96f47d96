using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>Passwords are being guessed for one subject from many addresses.</summary>
/// <remarks>
/// Counts the addresses that failed on the subject in the last six to twelve hours; a failed login counts its own. Silent for logins that something
/// familiar vouches for and at addresses the subject knows, so that nobody can be locked out by others. Number: addresses.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class DistributedBruteForceDetector(DistributedBruteForceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.DistributedBruteForce;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsAddressEvaluable || context.IsFamiliar || context.Summary.SameAddress > 0) return null;
        var addresses = Estimates.FailedAddresses(context) + Estimates.ThisPair(context);
        return Evidence.Of(Code, settings.Evidence * Ramp.Share(addresses, settings.MinimumAddresses, settings.Growth), addresses);
    }
}
