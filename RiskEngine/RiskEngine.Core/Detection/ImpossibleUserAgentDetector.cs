using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>The user agent contradicts itself: two systems at once, a browser on a system it was never made for, a version that does not exist yet.</summary>
/// <remarks>
/// Lists of user agents to pretend with are made by programs and age badly. Silent where the subject has used this very user agent before.
/// Number: what contradicts (<see cref="UserAgentContradiction"/>). Immutable; safe for concurrent use.
/// </remarks>
public sealed class ImpossibleUserAgentDetector(ImpossibleUserAgentSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.ImpossibleUserAgent;

    public Signal? Detect(in LoginContext context)
    {
        var contradiction = context.Device.Contradiction;
        return contradiction == UserAgentContradiction.None || context.Summary.SameUserAgent > 0 ? null : Evidence.Of(Code, settings.Evidence, (int)contradiction);
    }
}
