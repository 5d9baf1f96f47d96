using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>All that is remembered of the fleet. Plain data of fixed size, stored as it lies in memory.</summary>
internal struct FleetMemory
{
    /// <summary>Periods that are kept after they ended.</summary>
    public const int KeptPeriods = 16;

    /// <summary>Number of the newest bucket of ten minutes; 0 for none.</summary>
    public uint Bucket;

    /// <summary>The first hour there was, in hours since 1970.</summary>
    public uint FirstHour;

    /// <summary>Hours in which anybody tried to sign in, fading with every hour that passes by one in two weeks.</summary>
    public float HoursSeen;

    /// <summary>Periods so far.</summary>
    public uint Periods;

    public AttackKinds Open;

    public FleetSeriesList Series;
    public RecentCounts Recent;
    public NameFilter Failing;
    public NameFilter Succeeding;
    public WeekSeason Seen;
    public WeekSeasonList Seasons;
    public PeriodList Ended;

    /// <summary>Whether a period began or ended between the two.</summary>
    public readonly bool HasOtherPeriodsThan(in FleetMemory before) => Periods != before.Periods || Open != before.Open;

    public readonly bool IsSound
    {
        get
        {
            foreach (ref readonly var series in Series)
            {
                if (!series.IsSound) return false;
            }

            foreach (ref readonly var season in Seasons)
            {
                if (!season.IsSound) return false;
            }

            foreach (ref readonly var period in Ended)
            {
                if (!period.IsSound) return false;
            }

            return float.IsFinite(HoursSeen) && HoursSeen >= 0 && Recent.IsSound && Seen.IsSound && FirstHour <= Bucket / RecentCounts.BucketsAnHour;
        }
    }

    [InlineArray(KeptPeriods)]
    public struct PeriodList
    {
        private AttackPeriod _first;
    }
}
