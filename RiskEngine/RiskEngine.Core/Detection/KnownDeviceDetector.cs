using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The device has been used by this subject before: evidence in its favour.</summary>
/// <remarks>
/// The source's word or the same device id, and on top of it what the likelihood ratio says of the user agent, given the place
/// (<see cref="LikelihoodModel"/>). A new id or a denial by the source leaves nothing, and the user agent of a program says nothing of whose it is. What
/// was seen once vouches half, what was seen three times in full, so that one accepted intrusion does not make its device trusted.
/// Numbers: how it is known (1 source, 2 id, 3 user agent, 4 platform), logins with it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class KnownDeviceDetector(KnownDeviceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.KnownDevice;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (context.Event.KnownDevice == true) return Evidence.Of(Code, -settings.Evidence + OfUserAgent(context), 1, summary.SameDeviceId);
        if (summary.SameDeviceId > 0)
            return Evidence.Of(Code, (-settings.Evidence * Habit.Vouching(summary.SameDeviceId)) + OfUserAgent(context), 2, summary.SameDeviceId);
        if (context.Event.KnownDevice == false || (context.Login.DeviceId != 0 && summary.WithDeviceId > 0)) return null;

        var isExact = context.Likelihood.Novelty.Device == DeviceNovelty.UserAgent;
        return Evidence.Of(Code, OfUserAgent(context), isExact ? 3 : 4, isExact ? summary.SameUserAgent : summary.SamePlatform);
    }

    private double OfUserAgent(in LoginContext context)
    {
        if (context.Likelihood.Device >= 0 || context.Device.Class is DeviceClass.Library or DeviceClass.Bot) return 0;
        var seen = context.Likelihood.Novelty.Device switch
        {
            DeviceNovelty.UserAgent => context.Summary.SameUserAgent,
            DeviceNovelty.Platform => context.Summary.SamePlatform,
            _ => 0,
        };
        return seen == 0 ? 0 : Math.Max(context.Likelihood.Device, -settings.UserAgentEvidence) * Habit.Vouching(seen);
    }
}
