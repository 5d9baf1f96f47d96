using System.Diagnostics;
using System.Threading.Channels;

namespace RiskEngine.Core.Pipeline;

/// <summary>Submissions that wait for the judge, bounded in number and in time.</summary>
/// <remarks>Thread-safe; one reader. A submitter that gave up takes its submission back, and the reader passes it over: it must claim each one.</remarks>
internal sealed class SubmissionQueue(PipelineSettings settings, SubmissionFailures failures)
{
    private readonly Channel<Submission> _queue = Channel.CreateBounded<Submission>(new BoundedChannelOptions(settings.QueueCapacity) { SingleReader = true });

    public ChannelReader<Submission> Reader => _queue.Reader;

    /// <summary>Gets the number of submissions that wait, those taken back included.</summary>
    public int Count => _queue.Reader.Count;

    /// <summary>Takes no more.</summary>
    public void Close() => _queue.Writer.TryComplete();

    /// <summary>Puts a submission into the queue and waits until it is answered; see <see cref="JudgeLoop.SubmitAsync"/>.</summary>
    public async Task<SubmitResult> SubmitAsync(Submission submission, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (!_queue.Writer.TryWrite(submission)) await EnqueueAsync(submission, cancellationToken).ConfigureAwait(false);
        var done = submission.Done.Task;
        if (await IsDoneWithinAsync(done, Left(settings.SubmitTimeout, started), cancellationToken).ConfigureAwait(false)) return await done.ConfigureAwait(false);
        // Said first: whoever is behind it must not be taken once it is passed over.
        submission.Order?.Break();
        if (submission.TryClaim())
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(SubmissionFailure.Waited, new PipelineBusyException());
        }

        // The batch is the pipeline's by now, so a caller that gives up waits as well.
        if (await IsDoneWithinAsync(done, settings.CommitTimeout, CancellationToken.None).ConfigureAwait(false)) return await done.ConfigureAwait(false);
        throw Failed(SubmissionFailure.Unanswered, new PipelineTimeoutException(done));
    }

    private static TimeSpan Left(TimeSpan timeout, long started)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return timeout;
        var left = timeout - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Waits for the end of a task, whatever it is, and says whether it came.</summary>
    private static async ValueTask<bool> IsDoneWithinAsync(Task done, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!done.IsCompleted) await done.WaitAsync(timeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return done.IsCompleted;
    }

    private Exception Failed(SubmissionFailure reason, Exception told)
    {
        failures.Note(reason);
        return told;
    }

    private async Task EnqueueAsync(Submission submission, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(settings.SubmitTimeout);
        try
        {
            await _queue.Writer.WriteAsync(submission, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            submission.Order?.Break();
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(SubmissionFailure.NoRoom, new PipelineBusyException());
        }
        catch (ChannelClosedException)
        {
            submission.Order?.Break();
            throw Failed(SubmissionFailure.NoRoom, new PipelineBusyException());
        }
    }
}
