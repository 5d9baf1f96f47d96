using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Redis;

namespace RiskEngine.Storage.Shared;

/// <summary>What a replica does now and then: renews what it leads in or tries to get it, looks for changes of others, sees whether Redis is back, tidies up.</summary>
/// <remarks>
/// Three times within a lease, and at once when another replica says that lists have changed. A failure is counted, and the next turn tries again. A write that
/// works ends what the meter tells of failing writes, so that a replica without traffic finds out by itself.
/// </remarks>
internal sealed class SharedWatch(SharedStateStore store) : IAsyncDisposable
{
    /// <summary>What replicas tell each other.</summary>
    public const string ListsChanged = "lists", Owed = "owed", Removed = "removed";

    /// <summary>How far a replica without work may be behind the others.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly SharedHousekeeping _housekeeping = new(store);
    private Task _running = Task.CompletedTask;
    private Task _carrying = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private bool _isListening;

    /// <summary>Takes the lead where nobody has it, and begins.</summary>
    public async Task StartAsync(RedisRows? redis, CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        await ListenAsync(redis);
        _running = Task.Run(() => RunAsync(redis), CancellationToken.None);
        _following = Task.Run(() => FollowAsync(_stopping.Token), CancellationToken.None);
        _reading = Task.Run(() => new SeenReader(store).RunAsync(_stopping.Token), CancellationToken.None);
        if (store.Settings.MayLead) _carrying = Task.Run(() => store.Carrier.RunAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Looks for changes of others at once.</summary>
    public void Wake()
    {
        try
        {
            if (_woken.CurrentCount == 0) _woken.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake, or over.
        }
    }

    /// <summary>Says in PostgreSQL that no copies written so far count; where that fails, the next commit says it.</summary>
    public async Task TryBeginEpochAsync()
    {
        try
        {
            await BeginEpochAsync();
        }
        catch (StateStoreException failure)
        {
            store.Meter.NoteFailure(StoreOperation.Change, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Wake();
        await _running;
        await _carrying;
        await _following;
        await _reading;
        try
        {
            foreach (var lease in store.Leases) await lease.ReleaseAsync(CancellationToken.None);
        }
        catch (StateStoreException failure)
        {
            // Another one takes it when its time is over.
            store.Meter.NoteFailure(StoreOperation.Change, failure);
        }

        _stopping.Dispose();
        _woken.Dispose();
    }

    private async Task RunAsync(RedisRows? redis)
    {
        while (true)
        {
            await _woken.WaitAsync(store.Settings.Lease / 3);
            if (_stopping.IsCancellationRequested) return;
            try
            {
                await TurnAsync(redis);
            }
            catch (StateStoreException failure)
            {
                store.Meter.NoteFailure(StoreOperation.Flush, failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                store.Meter.NoteFailure(StoreOperation.Prune, failure);
            }
        }
    }

    /// <summary>Takes what others stored, where no unit of work of this replica does: so who asks it is answered by what any replica learnt, a moment ago at most.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = Behind - store.SinceTaken;
            try
            {
                if (wait <= TimeSpan.Zero)
                {
                    await store.Database.ReadAsync(store.TakeAsync, cancellationToken);
                    wait = Behind;
                }

                await Task.Delay(wait, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is: a follower that ended here would be missed by nobody.
                store.Meter.NoteFailure(StoreOperation.Load, failure);
                if (await StopsWithinAsync(store.Settings.Lease / 3, cancellationToken)) return;
            }
        }
    }

    private static async Task<bool> StopsWithinAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await Task.Delay(time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancellationToken.IsCancellationRequested;
    }

    private async Task TurnAsync(RedisRows? redis)
    {
        var cancellationToken = _stopping.Token;
        await RenewAsync(cancellationToken);
        if (store.Meter.FailingSince is not null) store.Meter.Note(StoreOperation.Flush, TimeSpan.Zero);
        var head = await store.Database.ReadAsync(store.TakeAsync, cancellationToken);
        if (!store.Lists.IsCurrent(head)) await store.ReadListsAsync();
        await ListenAsync(redis);
        await store.Copies.RecoverAsync(BeginEpochAsync);
        if (store.IsLeader) await _housekeeping.RunAsync();
    }

    /// <summary>Moves the epoch on: copies written from now on have other names than those of before.</summary>
    private async Task BeginEpochAsync()
    {
        var head = await store.Database.ChangeAsync(
            async session => (await session.QueryAsync("UPDATE head SET epoch = epoch + 1, number = number + 1 RETURNING " + PgHead.Columns, PgHead.Read))[0],
            CancellationToken.None);
        store.Take(head);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in store.Leases) await lease.RenewAsync(cancellationToken);
    }

    private async Task ListenAsync(RedisRows? redis)
    {
        if (redis is not null && !_isListening) _isListening = await redis.TryListenAsync(store.Hear);
    }
}
