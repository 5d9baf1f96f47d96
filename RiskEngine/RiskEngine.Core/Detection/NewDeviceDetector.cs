using RiskEngine.Core.Events;

namespace RiskEngine.Core.Detection;

/// <summary>The device has not been used by this subject before.</summary>
/// <remarks>
/// A platform (browser, operating system, class of device) never seen is full evidence, another browser on a known operating system less,
/// a new id on a known platform half, for cookies get cleared, and the source's word alone the least. A new version of a known browser
/// is silent, and so is a login that says nothing of its device. Scaled by how well the subject is known.
/// Numbers: what is new (1 platform, 2 browser, 3 id, 4 by the source's word), logins in the history. Immutable; safe for concurrent use.
/// </remarks>
public sealed class NewDeviceDetector(NewDeviceSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.NewDevice;

    public Signal? Detect(in LoginContext context)
    {
        if (!context.IsEstablished || context.Event.KnownDevice == true || context.Summary.SameDeviceId > 0) return null;
        var (share, what) = Novelty(context);
        return Evidence.Of(Code, settings.Evidence * share * context.NoveltyWeight, what, context.Summary.Count);
    }

    private (double Share, int What) Novelty(in LoginContext context)
    {
        ref readonly var summary = ref context.Summary;
        if (context.Login.UserAgent != 0 && summary.WithUserAgent > 0 && summary.SamePlatform == 0)
            return summary.SameOs > 0 ? (settings.BrowserShare, 2) : (1, 1);
        if (context.Login.DeviceId != 0 && summary.WithDeviceId > 0) return (settings.IdShare, 3);
        return context.Event.KnownDevice == false ? (settings.SourceShare, 4) : (0, 0);
    }
}
