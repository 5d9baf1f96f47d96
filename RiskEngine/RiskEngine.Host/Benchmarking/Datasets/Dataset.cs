using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Cli;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>A labelled file of somebody's own, looked through once before anything is judged.</summary>
/// <remarks>
/// Parts of the time by successful logins in order: a fifth to grow histories, a fifth to fit, a fifth for thresholds, two fifths to tell figures of. Attacks
/// in a file really happened, so they leave their traces.
/// </remarks>
internal sealed class Dataset
{
    private const double WarmUpEnd = 0.2, TrainEnd = 0.4, ValidationEnd = 0.6;

    private readonly string _path;
    private readonly FormatContext _context;
    private readonly int _logins;

    private Dataset(string path, FormatContext context, DatasetScan scan)
    {
        (_path, _context, _logins) = (path, context, scan.Logins);
        Families = scan.Families;
        Rejected = scan.Rejected;
    }

    /// <summary>Gets the names of the attacks, in order of appearance.</summary>
    public IReadOnlyList<string> Families { get; }

    /// <summary>Gets the records that gave no event.</summary>
    public IReadOnlyList<RejectedRecord> Rejected { get; }

    /// <summary>The part of the time that a successful login belongs to.</summary>
    /// <param name="number">How many came before.</param>
    public static BenchmarkSplit SplitOf(int number, int logins) => ((double)number / logins) switch
    {
        < WarmUpEnd => BenchmarkSplit.WarmUp,
        < TrainEnd => BenchmarkSplit.Train,
        < ValidationEnd => BenchmarkSplit.Validation,
        _ => BenchmarkSplit.Test,
    };

    /// <exception cref="CommandFailure">The file cannot be measured on: what is wrong with it, all at once, and what to do.</exception>
    public static Dataset Open(string path, FormatContext context)
    {
        if (path == "-") throw new CommandFailure(ExitCode.Usage, "The file is read twice, so it cannot be standard input: give its name.");
        var scan = DatasetScan.Run(path, context);
        if (scan.Faults.Count > 0) throw new CommandFailure(ExitCode.Usage, string.Join('\n', scan.Faults.Select(fault => $"{path}: {fault}")));
        return new Dataset(path, context, scan);
    }

    /// <param name="facts">What is known of addresses where the events do not say it.</param>
    public IEnumerable<ParsedCase> Cases(FactSnapshot facts)
    {
        var past = new Dictionary<int, (int Logins, EventTime Last)>();
        var families = Families.Select((name, number) => (name, number)).ToDictionary(family => family.name, family => family.number);
        var login = 0;
        foreach (var read in DatasetEvent.Read(_path, _context, []))
        {
            var at = read.Batch[read.Index].OccurredAt;
            var (logins, last) = past.GetValueOrDefault(read.Subject);
            var isProbe = read.Batch[read.Index].Probe;
            var family = read.Label is { Length: > 0 } attack ? families.GetValueOrDefault(attack, -1) : -1;
            yield return new ParsedCase(
                new BenchmarkCase
                {
                    Json = default,
                    OccurredAt = at.ToDateTimeOffset(),
                    Kind = isProbe ? CaseKind.Probe : family >= 0 ? CaseKind.Campaign : CaseKind.Honest,
                    Split = SplitOf(login, _logins),
                    Family = family,
                    IsSuccess = read.IsSuccess,
                    Subject = read.Subject,
                    HistoryLength = logins,
                    GapSeconds = logins == 0 ? -1 : (long)(at - last).TotalSeconds,
                    Attributes = DatasetAttributes.Of(read.Batch, read.Index, facts),
                    Oracle = default,
                },
                read.Batch,
                read.Index);
            if (!read.IsSuccess) continue;
            login++;
            if (!isProbe) past[read.Subject] = (logins + 1, at);
        }
    }
}
