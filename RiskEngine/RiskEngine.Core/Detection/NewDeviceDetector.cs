using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>The device has not been used by this subject before.</summary>
/// <remarks>
/// As much as the likelihood ratio says of the user agent, given the place (<see cref="LikelihoodModel"/>); on top of it a new id where the subject's
/// devices have ids, for cookies get cleared, or else the source's word. Silent for a device known by its id or to the source, and for a login that
/// says nothing of its device. Numbers: what is new (1 platform, 2 browser, 3 id, 4 by the source's word, 5 version), logins in the history.
/// Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewDeviceDetector(NewDeviceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewDevice;

    public Signal? Detect(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (!context.IsEstablished || context.Event.KnownDevice == true || summary.SameDeviceId > 0) return null;
        var isNewId = context.Login.DeviceId != 0 && summary.WithDeviceId > 0;
        var word = isNewId ? settings.IdEvidence : context.Event.KnownDevice == false ? settings.SourceEvidence : 0;
        var userAgent = Math.Clamp(context.Likelihood.Device, 0, settings.Evidence);
        var what = context.Likelihood.Novelty.Device switch
        {
            DeviceNovelty.Unseen => 1,
            DeviceNovelty.Os => 2,
            DeviceNovelty.Platform when userAgent > word => 5,
            _ => isNewId ? 3 : 4,
        };
        return Evidence.Of(Code, Math.Min(userAgent + word, settings.Evidence), what, summary.Count);
    }
}
