using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Composition;

/// <summary>Brings the events of one source into the judge loop and does not give up: what waits is sent again, what cannot be judged is left out and told.</summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="label">The source in metrics, and the name of its cursor.</param>
/// <param name="name">The source in the log.</param>
internal sealed partial class SourceSubmitter(string label, string name, RunningEngine engine, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Submits until the events are stored, however long that takes; of those that cannot be judged the rest is kept.</summary>
    /// <param name="cursor">Stored in the same transaction; null for none.</param>
    public async Task SubmitAsync(EventBatch batch, string? cursor, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await engine.Parts.Judge.SubmitAsync(batch, label, cursor, cancellation);
                return;
            }
            catch (PoisonSubmissionException poison)
            {
                await DivideAsync(batch, cursor, poison, cancellation);
                return;
            }
            catch (PipelineTimeoutException late)
            {
                LogRetry(logger, name, late.Message);
                await ((Task)late.Completion.WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure) when (failure is PipelineBusyException or StateStoreException)
            {
                LogRetry(logger, name, failure.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Halves a batch that cannot be judged until what is at fault stands alone: that is counted and told, for nobody will send it another way.</summary>
    private async Task DivideAsync(EventBatch batch, string? cursor, PoisonSubmissionException poison, CancellationToken cancellation)
    {
        if (batch.Count <= 1)
        {
            engine.Telemetry.Intake.Rejected(label, DefectReason.Unjudgeable);
            LogPoison(logger, name, batch.Count == 0 ? 0 : batch.Positions[0].Offset, poison);
            return;
        }

        var half = batch.Count / 2;
        foreach (var (start, count, last) in ((int, int, string?)[])[(0, half, null), (half, batch.Count - half, cursor)])
        {
            var part = new EventBatch(count);
            part.AppendRange(batch, start, count);
            await SubmitAsync(part, last, cancellation);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source}: events wait and are sent again: {Reason}")]
    private static partial void LogRetry(ILogger logger, string source, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Source}: the event at {Offset} cannot be judged and was left out; others were not touched. Please report this.")]
    private static partial void LogPoison(ILogger logger, string source, long offset, Exception poison);
}
