using RiskEngine.Collectors.File;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>Feeds one configured file into the judge loop for as long as the process runs.</summary>
/// <remarks>
/// At least once: after a restart the file is read from its beginning, and what was stored before is told as duplicates. A pipe gives what it has once: when
/// the process stops, what was written to it by then is still stored, for ten seconds at most.
/// </remarks>
internal sealed partial class FileSource(FileSourceSettings settings, RunningEngine engine, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for a pipe that nobody has opened for writing, and for the rest of one.</summary>
    private static readonly TimeSpan OpeningRest = TimeSpan.FromSeconds(2), PipeRest = TimeSpan.FromSeconds(10);

    private readonly RejectionLog _rejections = new(settings.Label, (reason, count) => engine.Telemetry.Intake.Rejected(LabelOf(settings), reason, count), logger, TimeProvider.System);
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
        var (collector, fault) = await OpenAsync(collecting, context, cancellation);
        if (collector is null) return Tell(fault!.ToString());

        _fault = null;
        using var rest = new CancellationTokenSource();
        using var stopping = cancellation.Register(() => rest.CancelAfter(PipeRest));
        using (collector) await CollectAsync(collector, collector.IsPipe ? rest.Token : cancellation);
        return !settings.Follow;
    }

    /// <summary>Opens the file on a thread of its own: to open a pipe waits for its writer, and nothing ends that.</summary>
    private static async Task<(FileCollector? Collector, SourceFault? Fault)> OpenAsync(FileCollectorSettings collecting, FormatContext context, CancellationToken cancellation)
    {
        var opening = Task.Factory.StartNew(
            () => FileCollector.TryOpen(collecting, context, out var collector, out var fault, cancellation) ? (collector, null) : ((FileCollector?)null, fault),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var rest = new CancellationTokenSource();
        using var stopping = cancellation.Register(() => rest.CancelAfter(OpeningRest));
        try
        {
            return await opening.WaitAsync(rest.Token);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(opened => opened.Result.Item1?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Logs why the source cannot be read: once, and not at every try, for a file may be away for days.</summary>
    private bool Tell(string fault)
    {
        if (fault != _fault) LogFault(logger, _fault = fault);
        return false;
    }

    /// <param name="end">Ends it where it stands. A pipe ends by itself when the process stops, behind what was written to it.</param>
    private async Task CollectAsync(FileCollector collector, CancellationToken end)
    {
        var batch = new EventBatch();
        var rejected = new List<RejectedRecord>();
        try
        {
            while (!end.IsCancellationRequested)
            {
                rejected.Clear();
                var more = collector.TryReadBatch(batch, rejected);
                _rejections.Note(rejected);
                _rejections.Tell();
                if (batch.Count > 0) await _submitter.SubmitAsync(batch, null, end);
                if (more) continue;
                if (collector.IsOver) break;
                await collector.WaitForMoreAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _rejections.Finish();
            if (collector.IsPipe && end.IsCancellationRequested) LogCutOff(logger, settings.Path, PipeRest.TotalSeconds);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Fault}; tried again until it can be read.")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(3, LogLevel.Error, "{Pipe}: events that were written to it are lost, for they could not be stored within {Seconds} s of the stop.")]
    private static partial void LogCutOff(ILogger logger, string pipe, double seconds);

    [LoggerMessage(2, LogLevel.Error, "{File}: reading broke off and begins again; what was stored before counts as repeated.")]
    private static partial void LogBroken(ILogger logger, string file, Exception failure);
}
