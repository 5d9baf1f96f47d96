using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Records;

/// <summary>What is the same in every store: which events are kept, and how a page is continued.</summary>
internal static class StoredEvents
{
    /// <summary>Events that one search looks at, at most. A search that ends there gives a short page, or an empty one, and says where to go on.</summary>
    public const int LongestSearch = 20_000;

    /// <summary>Whether that event of the effects is kept: it was accepted, and is no probe, which leaves no trace.</summary>
    public static bool IsKept(Effects effects, int index) => effects[index].Outcome == EventOutcome.Accepted && !effects.Batch[index].Probe;

    /// <summary>Where a page starts: entries below that number. A cursor that is none of ours starts at the newest.</summary>
    public static long CursorOf(AssessmentQuery query) =>
        long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    public static string CursorAt(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="ArgumentOutOfRangeException">The limit is not from 1 to 1,000.</exception>
    public static void Check(AssessmentQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000);
    }
}
