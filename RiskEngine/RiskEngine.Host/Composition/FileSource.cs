using RiskEngine.Collectors.File;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>Feeds one configured file into the judge loop for as long as the process runs.</summary>
/// <remarks>At least once: after a restart the file is read from its beginning, and what was stored before is told as duplicates.</remarks>
internal sealed partial class FileSource(FileSourceSettings settings, RunningEngine engine, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly RejectionLog _rejections = new(settings.Label, reason => engine.Telemetry.Intake.Rejected(LabelOf(settings), reason), logger, TimeProvider.System);
    private readonly SourceSubmitter _submitter = new(LabelOf(settings), settings.Path, engine, logger);
    private string? _fault;

    /// <summary>The label of a file source in metrics.</summary>
    public static string LabelOf(FileSourceSettings settings) => "file:" + settings.Label;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await ReadAsync(cancellation)) return;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is: a source that ended here would be missed by nobody.
                LogBroken(logger, settings.Path, failure);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What formats know of this source: the clock of who wrote it, and its name where it was given one.</summary>
    internal static FormatContext ContextOf(FileSourceSettings settings, FormatContext common) => common with
    {
        Zone = settings.UtcOffset?.ToZone() ?? common.Clock.LocalTimeZone,
        SourceName = settings.Name ?? common.SourceName,
    };

    /// <summary>Reads the file to its end; false where it is to be opened again.</summary>
    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var (choice, faults) = FormatChoice.Load(settings.Format);
        if (choice is null) return Tell(string.Join("; ", faults));
        var collecting = new FileCollectorSettings { Path = settings.Path, Format = choice.Name, Follow = settings.Follow, GivesAtOnce = true };
        var context = ContextOf(settings, engine.Formats) with { Mapping = choice.Mapping };
        if (!FileCollector.TryOpen(collecting, context, out var collector, out var fault, cancellation)) return Tell(fault.ToString());

        _fault = null;
        using (collector) await CollectAsync(collector, cancellation);
        return !settings.Follow;
    }

    /// <summary>Logs why the source cannot be read: once, and not at every try, for a file may be away for days.</summary>
    private bool Tell(string fault)
    {
        if (fault != _fault) LogFault(logger, _fault = fault);
        return false;
    }

    private async Task CollectAsync(FileCollector collector, CancellationToken cancellation)
    {
        var batch = new EventBatch();
        var rejected = new List<RejectedRecord>();
        while (!cancellation.IsCancellationRequested)
        {
            rejected.Clear();
            var more = collector.TryReadBatch(batch, rejected);
            _rejections.Note(rejected);
            _rejections.Tell();
            if (batch.Count > 0) await _submitter.SubmitAsync(batch, null, cancellation);
            if (more) continue;
            if (collector.IsOver) break;
            await collector.WaitForMoreAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _rejections.Finish();
    }

    [LoggerMessage(1, LogLevel.Error, "{Fault}; tried again until it can be read.")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(2, LogLevel.Error, "{File}: reading broke off and begins again; what was stored before counts as repeated.")]
    private static partial void LogBroken(ILogger logger, string file, Exception failure);
}
