namespace RiskEngine.Core.Pipeline;

/// <summary>Brings batches of one source into a <see cref="JudgeLoop"/>, several on their way at a time, and has them stored in their order whatever fails meanwhile.</summary>
/// <remarks>
/// <para>
/// Once one has failed, those behind it fail too (<see cref="SubmissionOrder"/>), and those that come wait. When all have been answered the first of them is sent
/// again until it is stored, and then the others together: go-back-N, as in Stenning, "A data transfer protocol", Computer Networks 1, 1976.
/// </para>
/// <para>Thread-safe; the order is that of the calls. What waits is bounded by how much the caller has on its way.</para>
/// </remarks>
/// <param name="tryOnce">Submits a batch once; it is in the queue, or waits for room there, when this returns its task. See <see cref="JudgeLoop.SubmitInOrderAsync"/>.</param>
/// <param name="tryUntilStored">Submits a batch for as long as it takes, whatever is in its way; what it throws is thrown to who submitted.</param>
/// <typeparam name="TBatch">What is submitted together.</typeparam>
public sealed class OrderedSubmitter<TBatch>(
    Func<TBatch, SubmissionOrder, CancellationToken, Task<SubmitResult>> tryOnce, Func<TBatch, CancellationToken, Task<SubmitResult>> tryUntilStored)
{
    private readonly Lock _gate = new();
    private readonly SortedList<long, Sending> _failed = [];
    private SubmissionOrder _order = new();
    private long _last;
    private int _underway;
    private bool _isBroken;

    /// <summary>Submits and waits until the events are stored, and those of all earlier calls that share a subject with them before.</summary>
    public Task<SubmitResult> SubmitAsync(TBatch batch, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var sending = new Sending(++_last, batch, cancellation);
            if (_isBroken) _failed.Add(sending.Number, sending);
            else _ = SendAsync(sending);
            return sending.Done.Task;
        }
    }

    /// <remarks>Called under the lock, which holds until the batch is in the queue, so that batches get there in their order.</remarks>
    private async Task SendAsync(Sending sending)
    {
        _underway++;
        SubmitResult? result = null;
        try
        {
            result = await tryOnce(sending.Batch, _order, sending.Cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it was is met again where it is sent again, by itself.
        }

        lock (_gate)
        {
            _underway--;
            if (result is null)
            {
                _isBroken = true;
                _failed.Add(sending.Number, sending);
            }

            if (_isBroken && _underway == 0) _ = SendAgainAsync();
        }

        if (result is { } stored) sending.Done.SetResult(stored);
    }

    private async Task SendAgainAsync()
    {
        Sending first;
        lock (_gate)
        {
            first = _failed.Values[0];
            _failed.RemoveAt(0);
        }

        try
        {
            first.Done.SetResult(await tryUntilStored(first.Batch, first.Cancellation).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            first.Done.SetException(failure);
        }

        lock (_gate)
        {
            Sending[] others = [.. _failed.Values];
            _failed.Clear();
            (_order, _isBroken) = (new SubmissionOrder(), false);
            foreach (var other in others) _ = SendAsync(other);
        }
    }

    private sealed record Sending(long Number, TBatch Batch, CancellationToken Cancellation)
    {
        public TaskCompletionSource<SubmitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
