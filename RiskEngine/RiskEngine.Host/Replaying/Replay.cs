using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Host.Replaying;

/// <summary>Pumps a file through the judge loop: reads ahead while earlier batches are judged and written.</summary>
/// <remarks>
/// Batches go round: at most as many are in use as the loop has places for, so memory stays flat whatever the size of the file. Told to stop, it judges what
/// was read, which of a pipe is all that came by then.
/// </remarks>
internal static class Replay
{
    private const int BatchesAhead = 4;

    /// <summary>Sizes that suit a replay: each batch read is a unit of work of its own, and nobody waits who could be told to come again.</summary>
    public static PipelineSettings Pipeline { get; } = new()
    {
        QueueCapacity = BatchesAhead, BatchSize = 1, SubmitTimeout = Timeout.InfiniteTimeSpan, CommitTimeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="source">Label of the source.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="caughtUp">Told when there is nothing more for now and all that there was is judged: the time to hand over what is held back.</param>
    /// <exception cref="IOException">The output could not be written, or another observer failed.</exception>
    public static async Task RunAsync(
        FileCollector collector, JudgeLoop loop, ReplayStatistics statistics, string source, Action? progress, Action? caughtUp, CancellationToken cancellation)
    {
        var idle = new Stack<EventBatch>();
        for (var i = 0; i < BatchesAhead; i++) idle.Push(new EventBatch());
        var underway = new Queue<(EventBatch Batch, Task Done)>();
        var rejected = new List<RejectedRecord>();

        while ((collector.IsPipe || !cancellation.IsCancellationRequested) && loop.ObserverFailure is null)
        {
            if (!idle.TryPop(out var batch)) batch = await FirstDone(underway);
            rejected.Clear();
            var more = collector.TryReadBatch(batch, rejected);
            statistics.Reject(rejected);
            if (batch.Count > 0) underway.Enqueue((batch, loop.SubmitAsync(batch, source, null, CancellationToken.None)));
            else idle.Push(batch);
            progress?.Invoke();
            if (more) continue;
            if (collector.IsOver) break;
            while (underway.Count > 0) idle.Push(await FirstDone(underway));
            if (loop.ObserverFailure is not null) break;
            caughtUp?.Invoke();

            // A pipe ends by itself when it is told to stop, behind what came by then.
            await collector.WaitForMoreAsync(collector.IsPipe ? CancellationToken.None : cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (underway.Count > 0) await FirstDone(underway);
        if (loop.ObserverFailure is { } failure) throw new IOException($"The output is not whole: {failure.Message}", failure);
    }

    private static async Task<EventBatch> FirstDone(Queue<(EventBatch Batch, Task Done)> underway)
    {
        var (batch, done) = underway.Dequeue();
        await done;
        return batch;
    }
}
