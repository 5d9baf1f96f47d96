using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>Counts the lines that a source's format does not understand, and logs them: of each reason the first with their places, then a count each minute.</summary>
/// <remarks>
/// A line tells place and reason and nothing of what was read: a name may be a password typed into the wrong field. After a minute in which a reason was
/// logged in full, the first are told again. One thread at a time.
/// </remarks>
/// <param name="source">What the log calls the source.</param>
/// <param name="count">Counts that many of one reason, for the metric of rejected events.</param>
internal sealed partial class RejectionLog(string source, Action<DefectReason, int> count, ILogger logger, TimeProvider clock)
{
    /// <summary>Lines of one reason that are logged one by one within a minute.</summary>
    public const int First = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Tally[] _tallies = new Tally[DefectReasons.All.Count + 1];

    public void Note(IReadOnlyList<RejectedRecord> records)
    {
        for (var i = 0; i < records.Count; i++)
        {
            count(records[i].Defect.Reason, 1 + records[i].More);
            Note(records[i]);
        }
    }

    /// <summary>Logs counts whose minute is over: to be called now and then, also while nothing comes in.</summary>
    public void Tell()
    {
        foreach (var reason in DefectReasons.All) Tell(ref _tallies[(int)reason], reason);
    }

    /// <summary>Logs what was not told yet, at the end of the source.</summary>
    public void Finish()
    {
        foreach (var reason in DefectReasons.All)
        {
            ref var tally = ref _tallies[(int)reason];
            if (tally.Untold > 0) LogMore(logger, source, tally.Untold, reason.Name());
            tally = default;
        }
    }

    private void Note(in RejectedRecord record)
    {
        ref var tally = ref _tallies[(int)record.Defect.Reason];
        Tell(ref tally, record.Defect.Reason);
        if (tally.Told == First)
        {
            tally.Untold += 1 + record.More;
            return;
        }

        if (tally.Told++ == 0) tally.Since = clock.GetUtcNow();
        LogRejected(logger, source, record.ToString());
    }

    private void Tell(ref Tally tally, DefectReason reason)
    {
        if (tally.Told == 0 || clock.GetUtcNow() - tally.Since < Interval) return;
        if (tally.Untold == 0)
        {
            tally = default;
            return;
        }

        LogMore(logger, source, tally.Untold, reason.Name());
        (tally.Untold, tally.Since) = (0, clock.GetUtcNow());
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source}: {Record}")]
    private static partial void LogRejected(ILogger logger, string source, string record);

    [LoggerMessage(2, LogLevel.Warning, "{Source}: {Count} more records were rejected for the reason {Reason}; their places are not logged.")]
    private static partial void LogMore(ILogger logger, string source, long count, string reason);

    /// <summary>One reason within its minute.</summary>
    private struct Tally
    {
        public DateTimeOffset Since;
        public int Told;
        public long Untold;
    }
}
