using System.Diagnostics;
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
    /// <param name="leftOut">Puts aside what cannot be judged, given its place and how often it was tried; null for nobody, and then it is counted and told.</param>
    public async Task<SubmitResult> SubmitAsync(EventBatch batch, string? cursor, CancellationToken cancellation, Func<SourcePosition, int, Task>? leftOut = null)
    {
        using var span = Begin(batch);
        return await SubmitAsync(batch, cursor, 1, leftOut, cancellation);
    }

    /// <summary>Submits once, as one of several that are on their way in an order. It is in the queue, or waits for room there, when this returns its task.</summary>
    /// <remarks>From any thread.</remarks>
    /// <exception cref="Exception">The events were not stored, for any reason that submitting has.</exception>
    public async Task<SubmitResult> TryAsync(EventBatch batch, SubmissionOrder order, CancellationToken cancellation)
    {
        using var span = Begin(batch);
        try
        {
            return await engine.Parts.Judge.SubmitInOrderAsync(batch, label, order, cancellation);
        }
        catch (PipelineTimeoutException late)
        {
            return await late.Completion.WaitAsync(cancellation);
        }
    }

    private Activity? Begin(EventBatch batch) => engine.Telemetry.Spans.BeginSubmission(batch.Traces)?.SetTag("riskengine.source", label).SetTag("riskengine.events", batch.Count);

    private async Task<SubmitResult> SubmitAsync(EventBatch batch, string? cursor, int attempts, Func<SourcePosition, int, Task>? leftOut, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                return await engine.Parts.Intake.SubmitAsync(batch, label, cursor, cancellation);
            }
            catch (PoisonSubmissionException poison)
            {
                return await DivideAsync(batch, cursor, attempts, leftOut, poison, cancellation);
            }
            catch (PipelineTimeoutException late)
            {
                LogRetry(logger, name, late.Message);
                await ((Task)late.Completion.WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure) when (failure is PipelineBusyException or StateStoreException or EventSinkException)
            {
                LogRetry(logger, name, failure.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        throw new OperationCanceledException(cancellation);
    }

    /// <summary>Halves a batch that cannot be judged until what is at fault stands alone: that is counted and told, for nobody will send it another way.</summary>
    private async Task<SubmitResult> DivideAsync(
        EventBatch batch, string? cursor, int attempts, Func<SourcePosition, int, Task>? leftOut, PoisonSubmissionException poison, CancellationToken cancellation)
    {
        if (batch.Count <= 1)
        {
            LogPoison(logger, name, batch.Count == 0 ? 0 : batch.Positions[0].Offset, poison);
            if (leftOut is not null && batch.Count > 0) await leftOut(batch.Positions[0], attempts);
            else engine.Telemetry.Intake.Rejected(label, DefectReason.Unjudgeable);
            return default;
        }

        var half = batch.Count / 2;
        var (accepted, duplicates) = (0, 0);
        foreach (var (start, count, last) in ((int, int, string?)[])[(0, half, null), (half, batch.Count - half, cursor)])
        {
            var part = new EventBatch(count);
            part.AppendRange(batch, start, count);
            var result = await SubmitAsync(part, last, attempts + 1, leftOut, cancellation);
            accepted += result.Accepted;
            duplicates += result.Duplicates;
        }

        return new SubmitResult(accepted, duplicates, null);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source}: events wait and are sent again: {Reason}")]
    private static partial void LogRetry(ILogger logger, string source, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Source}: the event at {Offset} cannot be judged and was left out; others were not touched. Please report this.")]
    private static partial void LogPoison(ILogger logger, string source, long offset, Exception poison);
}
