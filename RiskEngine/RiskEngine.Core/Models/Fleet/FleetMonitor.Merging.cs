namespace RiskEngine.Core.Models;

/// <content>Two judges at the same time: what they counted adds up, and what passed with time is of the one who is further.</content>
/// <remarks>
/// Counts of the last hours add up, and names unite. What an hour teaches, and what begins and ends a period, has one author: where both judges began an hour, or both
/// changed a period, the second judges again. So a period is found, told and ended once, and an hour is learnt once. An hour may be learnt without what is on its way
/// of it, an hour after its end. A name that is new to both within the hour counts twice; none does where each subject has its judge.
/// </remarks>
public sealed partial class FleetMonitor
{
    public bool TryMerge(FleetMonitor mine, FleetMonitor before)
    {
        if (mine.Hour > before.Hour && (Hour > before.Hour || mine.Hour > before.Hour + 1)) return false;
        ref readonly var made = ref mine._memory;
        var hasChanged = made.HasOtherPeriodsThan(before._memory);
        if (hasChanged && _memory.HasOtherPeriodsThan(before._memory)) return false;

        var merged = made.Bucket > _memory.Bucket ? made : _memory;
        merged.Recent = RecentCounts.Merge((_memory.Recent, _memory.Bucket), (made.Recent, made.Bucket), (before._memory.Recent, before._memory.Bucket));
        if (mine.Hour == Hour)
        {
            merged.Failing = NameFilter.Union(_memory.Failing, made.Failing);
            merged.Succeeding = NameFilter.Union(_memory.Succeeding, made.Succeeding);
        }

        MergePeriods(ref merged, hasChanged ? made : _memory, hasChanged ? _memory : made, before._memory);
        _memory = merged;
        return true;
    }

    /// <param name="merged">Gets the periods, and the sums that go with them.</param>
    /// <param name="author">Whose periods they are.</param>
    /// <param name="other">Whoever left them as they were, but for what came in them.</param>
    private static void MergePeriods(ref FleetMemory merged, in FleetMemory author, in FleetMemory other, in FleetMemory before)
    {
        (merged.Open, merged.Periods, merged.Ended) = (author.Open, author.Periods, author.Ended);
        for (var i = 0; i < FleetSeriesList.Length; i++)
        {
            ref var series = ref merged.Series[i];
            series.Lately = merged.Recent.Sum(i, merged.Bucket, 2);
            series.InAnHour = merged.Recent.Sum(i, merged.Bucket, RecentCounts.BucketsAnHour);
            ref readonly var theirs = ref other.Series[i].Period;
            ref readonly var given = ref before.Series[i].Period;
            series.Period = author.Series[i].Period;
            if (series.Period.Number != given.Number || series.Period.Phase != given.Phase) series.CalmFor = author.Series[i].CalmFor;
            if (series.Period.Number == theirs.Number) series.Period.Add(theirs, given);
            if (series.Period is { Number: > 0, IsOpen: true } && series.InAnHour > series.Period.Peak) (series.Period.Peak, series.Period.Expected) = (series.InAnHour, series.Usual);
        }
    }
}
