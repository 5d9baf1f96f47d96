using System.Text.Unicode;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Detection;

/// <summary>Names the feeds behind a <see cref="SignalCode.FeedHit"/>: "ipsum (5 lists), tor".</summary>
/// <remarks>Apart from the detector, which sees no names. Pure; allocates nothing once the batch has room.</remarks>
public static class FeedHitDetail
{
    /// <summary>Writes the names into the batch, strongest evidence first.</summary>
    /// <param name="facts">Facts of the address.</param>
    /// <param name="snapshot">The snapshot they were looked up in.</param>
    /// <param name="batch">Where the text is kept.</param>
    /// <returns>Where the text lies; empty without hits.</returns>
    public static Slice Write(in AddressFacts facts, FactSnapshot snapshot, EventBatch batch)
    {
        var length = 0;
        var room = batch.Reserve(SignalReasons.MaximumLength)[..SignalReasons.MaximumLength];
        for (var i = 0; i < facts.FeedHitCount; i++)
        {
            var hit = facts.GetFeedHit(i);
            if (hit.Evidence == 0) continue;
            length += WriteOne(hit, snapshot.FeedName(hit.Feed), length > 0, room[length..]);
        }

        return batch.Commit(length);
    }

    /// <summary>One feed, or nothing where it does not fit.</summary>
    private static int WriteOne(in FeedHit hit, string name, bool further, Span<byte> room)
    {
        var separator = further ? ", " : "";
        var fits = hit.Lists > 1
            ? Utf8.TryWrite(room, $"{separator}{name} ({hit.Lists} lists)", out var written)
            : Utf8.TryWrite(room, $"{separator}{name}", out written);
        return fits ? written : 0;
    }
}
