using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>Feeds name the address: others have seen it misbehave, or it is on a list of one's own.</summary>
/// <remarks>
/// Each hit is worth what its feed is configured for, raised by the logarithm of the number of lists behind it; the strongest counts in full, each
/// further one half of the one before, for feeds copy each other. A feed of negative evidence speaks for the address. Feeds that only tell the kind
/// of network are no hits. Numbers: bits of the feeds' indexes (0 to 52), the most lists behind one. Immutable; safe for concurrent use.
/// </remarks>
public sealed class FeedHitDetector(FeedHitSettings settings) : IDetector
{
    public SignalCode Code => SignalCode.FeedHit;

    private const int HighestIndexShown = 52;

    public Signal? Detect(in LoginContext context)
    {
        var count = context.Facts.FeedHitCount;
        if (count == 0 || !context.IsAddressEvaluable) return null;

        var (evidence, weight, feeds, lists) = (0.0, 1.0, 0L, 0);
        for (var i = 0; i < count; i++)
        {
            var hit = context.Facts.GetFeedHit(i);
            if (hit.Evidence == 0) continue;
            evidence += weight * Worth(hit);
            weight *= settings.FurtherShare;
            if (hit.Feed <= HighestIndexShown) feeds |= 1L << hit.Feed;
            lists = Math.Max(lists, hit.Lists);
        }

        return Evidence.Of(Code, Math.Clamp(evidence, -settings.MaximumEvidence, settings.MaximumEvidence), feeds, lists);
    }

    /// <summary>A negative hit is not raised: many lists that praise an address are no reason to trust it more.</summary>
    private double Worth(in FeedHit hit) => hit.Evidence + (hit.Evidence > 0 ? settings.EvidencePerLogList * Math.Log(Math.Max(hit.Lists, (ushort)1)) : 0);
}
