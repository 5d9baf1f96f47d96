using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The device has been used by this subject before: evidence in its favour.</summary>
/// <remarks>
/// In order: the source says so; the same device id; failing a new id or a denial, the same user agent to the letter in a system or network already
/// used, unless it is that of a program, which says nothing of whose. What was seen once vouches half, what was seen three times in full, so that one accepted intrusion does not make its device trusted.
/// Numbers: how it is known (1 source, 2 id, 3 user agent), logins with it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class KnownDeviceDetector(KnownDeviceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.KnownDevice;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (context.Event.KnownDevice == true) return Evidence.Of(Code, -settings.Evidence, 1, summary.SameDeviceId);
        if (summary.SameDeviceId > 0) return Evidence.Of(Code, -settings.Evidence * Habit.Vouching(summary.SameDeviceId), 2, summary.SameDeviceId);
        if (context.Event.KnownDevice == false || (context.Login.DeviceId != 0 && summary.WithDeviceId > 0)) return null;

        if (context.Device.Class is DeviceClass.Library or DeviceClass.Bot) return null;
        var seen = Math.Min(summary.SameUserAgent, Math.Max(summary.SameAsn, summary.SameNetwork));
        return seen == 0 ? null : Evidence.Of(Code, -settings.UserAgentEvidence * Habit.Vouching(seen), 3, seen);
    }
}
