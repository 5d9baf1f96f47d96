using System.Collections.Concurrent;
using System.Threading.Channels;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Delivery;

/// <summary>Carries what one responder is owed from the outbox to it, until it is done or given up.</summary>
/// <remarks>
/// <para>
/// At least once. Items of one order key go one after the other, each only once the one before is durably done; different keys go at the same time, up to
/// <see cref="PumpSettings.Concurrency"/>. What fails waits (<see cref="BackOff"/>) and the others of its key with it. A target that is out of order is
/// asked by one item at a time (<see cref="Circuit"/>). What is older than <see cref="PumpSettings.GiveUpAfter"/> becomes a dead letter.
/// </para>
/// <para>
/// It holds a page of items at most, and lets go of it where somebody erased, dropped or revived some. Where nothing is due the outbox, which has to look
/// through all that waits, is asked again only when something is, or when there is news. <see cref="Wake"/> is thread-safe, the rest is one loop's.
/// </para>
/// </remarks>
public sealed class OutboxPump(IResponder responder, IOutbox outbox, PumpSettings settings, IDeliveryObserver observer, TimeProvider clock)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1), StorePause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentQueue<string> _finished = [];
    private readonly Dictionary<string, Task> _busy = [];
    private readonly Queue<List<OutboxItem>> _ready = [];
    private readonly Circuit _circuit = new(settings);

    /// <summary>What was done while the store could not note it: at most one item of each order key under way.</summary>
    private readonly ConcurrentDictionary<long, bool> _doneNotNoted = [];
    private long _removals;
    private long _pausedUntil;
    private bool _isNews = true;
    private EventTime _nothingUntil;

    public string Name => responder.Name;

    private EventTime Now => EventTime.From(clock.GetUtcNow());

    /// <summary>Says that there may be something to do for this responder.</summary>
    public void Wake()
    {
        Volatile.Write(ref _isNews, true);
        _wakes.Writer.TryWrite(true);
    }

    /// <summary>Delivers until it is told to stop; then finishes what is under way, for a little while.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var abort = new CancellationTokenSource();
        while (!stop.IsCancellationRequested)
        {
            var wait = await TurnAsync(stop, abort.Token).ConfigureAwait(false);
            if (wait > TimeSpan.Zero) await SleepAsync(wait, stop).ConfigureAwait(false);
        }

        abort.CancelAfter(settings.StopPatience);
        await IdleAsync().ConfigureAwait(false);
    }

    /// <summary>Begins whatever may begin now.</summary>
    /// <param name="stop">Nothing more is to begin.</param>
    /// <param name="abort">What is under way is to end.</param>
    /// <returns>How long there is nothing more to begin, unless it is woken.</returns>
    internal async Task<TimeSpan> TurnAsync(CancellationToken stop, CancellationToken abort)
    {
        while (_finished.TryDequeue(out var key)) _busy.Remove(key);
        var now = Now;
        var pause = new EventTime(Interlocked.Read(ref _pausedUntil));
        if (now < pause) return pause - now;
        if (_circuit.WaitAt(now) is var closed && closed > TimeSpan.Zero) return closed;
        var free = _circuit.IsOpen ? (_busy.Count == 0 ? 1 : 0) : settings.Concurrency - _busy.Count;
        if (free <= 0) return LongestSleep;
        try
        {
            var next = await FillAsync(now, stop).ConfigureAwait(false);
            // Read here: the task may begin after another page was read, and then an item that was erased in between would count as there.
            var removals = _removals;
            while (free-- > 0 && _ready.TryDequeue(out var chain)) _busy[chain[0].OrderKey] = Task.Run(() => WorkAsync(chain, removals, abort), CancellationToken.None);
            return _busy.Count > 0 || next is not { } due ? LongestSleep : due <= now ? TimeSpan.Zero : due - now < LongestSleep ? due - now : LongestSleep;
        }
        catch (StateStoreException failure)
        {
            return Pause(failure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>Waits until nothing is under way.</summary>
    internal async Task IdleAsync()
    {
        await Task.WhenAll(_busy.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_finished.TryDequeue(out var key)) _busy.Remove(key);
    }

    /// <summary>Reads a page where none is left; says when the next item is due where there is none now.</summary>
    private async Task<EventTime?> FillAsync(EventTime now, CancellationToken stop)
    {
        var removals = outbox.Removals;
        if (removals != _removals)
        {
            _ready.Clear();
            _nothingUntil = default;
        }

        if (_ready.Count > 0) return null;
        if (!Interlocked.Exchange(ref _isNews, false) && now < _nothingUntil) return _nothingUntil;
        (_removals, _nothingUntil) = (removals, default);
        var batch = await outbox.TakeAsync(new OutboxRequest(responder.Name, now, settings.PageSize, [.. _busy.Keys]), stop).ConfigureAwait(false);
        foreach (var chain in batch.Items.GroupBy(item => item.OrderKey)) _ready.Enqueue([.. chain]);
        if (batch.Items.Count == 0) _nothingUntil = batch.NextDue ?? now + LongestSleep;
        return batch.NextDue;
    }

    private async Task WorkAsync(List<OutboxItem> chain, long removals, CancellationToken abort)
    {
        try
        {
            foreach (var item in chain)
            {
                // What was read a while ago may be gone by now, and a target may have gone out of order.
                if (removals != outbox.Removals || (item != chain[0] && _circuit.IsOpen) || abort.IsCancellationRequested) break;
                if (!await CarryAsync(item, abort).ConfigureAwait(false)) break;
            }
        }
        catch (StateStoreException failure)
        {
            Pause(failure);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Whether it was done is not known: it is done again after the next start.
        }
        finally
        {
            _finished.Enqueue(chain[0].OrderKey);
            Wake();
        }
    }

    /// <summary>Carries one item as far as it goes; true where the next one of its key may follow.</summary>
    private async Task<bool> CarryAsync(OutboxItem item, CancellationToken abort)
    {
        if (_doneNotNoted.ContainsKey(item.Id))
        {
            await CompleteAsync(item).ConfigureAwait(false);
            return true;
        }

        if (Now - item.CreatedAt > settings.GiveUpAfter)
        {
            await GiveUpAsync(item, DeliveryReasons.Expired, item.LastFailure.Length > 0 ? $"not done in time; last: {item.LastFailure}" : "not done in time").ConfigureAwait(false);
            return true;
        }

        var started = clock.GetTimestamp();
        var result = await TryAsync(item, abort).ConfigureAwait(false);
        observer.Tried(responder.Name, result, clock.GetElapsedTime(started));
        Note(item, result);
        switch (result.Verdict)
        {
            case DeliveryVerdict.Delivered or DeliveryVerdict.DryRun:
                await CompleteAsync(item).ConfigureAwait(false);
                return true;
            case DeliveryVerdict.Never:
                await GiveUpAsync(item, result.Reason, result.Words).ConfigureAwait(false);
                return true;
            default:
                var wait = BackOff.Wait(item.Id, item.Attempts + 1, settings.FirstDelay, settings.LongestDelay);
                if (result.NotBefore > wait) wait = result.NotBefore.Value;
                await outbox.PostponeAsync(item.Id, Now + wait, $"{result.Reason}: {result.Words}", CancellationToken.None).ConfigureAwait(false);
                return false;
        }
    }

    /// <summary>Notes that it is done; what fails here is only noted again, not done again, as long as the process lives.</summary>
    private async Task CompleteAsync(OutboxItem item)
    {
        _doneNotNoted[item.Id] = true;
        await outbox.CompleteAsync(item.Id, CancellationToken.None).ConfigureAwait(false);
        _doneNotNoted.TryRemove(item.Id, out _);
    }

    private async Task<DeliveryResult> TryAsync(OutboxItem item, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(settings.DeliveryTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, abort);
        try
        {
            return await responder.DeliverAsync(item, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return DeliveryResult.Unavailable(DeliveryReasons.TimedOut, $"no answer within {settings.DeliveryTimeout.TotalSeconds:0.#} seconds");
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StateStoreException))
        {
            observer.Threw(responder.Name, failure);
            return DeliveryResult.Retry(DeliveryReasons.Failed, failure.GetType().Name);
        }
    }

    /// <summary>What the result says of the target.</summary>
    private void Note(OutboxItem item, DeliveryResult result)
    {
        if (result.Verdict == DeliveryVerdict.Unavailable)
        {
            if (_circuit.Failed(Now, item.Id, result.NotBefore)) observer.TargetChanged(responder.Name, isDown: true, result.Words);
        }
        else if (_circuit.Succeeded())
        {
            observer.TargetChanged(responder.Name, isDown: false, "");
        }
    }

    private async Task GiveUpAsync(OutboxItem item, string reason, string words)
    {
        await outbox.KillAsync(item.Id, reason, $"{reason}: {words}", CancellationToken.None).ConfigureAwait(false);
        observer.GivenUp(item, reason, words);
    }

    private TimeSpan Pause(StateStoreException failure)
    {
        Interlocked.Exchange(ref _pausedUntil, (Now + StorePause).UnixMilliseconds);
        observer.StoreFailed(responder.Name, failure.Message);
        return StorePause;
    }

    private async Task SleepAsync(TimeSpan wait, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        Task woken = _wakes.Reader.WaitToReadAsync(either.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_wakes.Reader.TryRead(out _))
        {
        }
    }
}
