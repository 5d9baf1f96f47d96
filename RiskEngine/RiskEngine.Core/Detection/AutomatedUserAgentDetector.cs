using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>A program, not a browser, logs in as a person who never used one.</summary>
/// <remarks>
/// By the user agent's own claim to be a library or a bot, so it finds the careless only. Silent for service accounts and for subjects whose history
/// shows the same program; half for subjects not known yet. Number: 1 for a bot, 2 for a library. Immutable; safe for concurrent use.
/// </remarks>
public sealed class AutomatedUserAgentDetector(AutomatedUserAgentSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.AutomatedUserAgent;

    public Signal? Detect(in LoginContext context)
    {
        if (context.Device.Class is not (DeviceClass.Bot or DeviceClass.Library) || context.Event.ServiceAccount) return null;
        if (context.Summary.SamePlatform > 0 || context.Summary.SameUserAgent > 0) return null;
        var weight = Math.Max(context.NoveltyWeight, settings.UnknownSubjectShare);
        return Evidence.Of(Code, settings.Evidence * weight, context.Device.Class == DeviceClass.Bot ? 1 : 2);
    }
}
