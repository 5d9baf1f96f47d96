using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Reads ids of events that were stored before this replica began, newest first, a slice at a time beside its work. Until that is done repeats of them are asked for in PostgreSQL.</summary>
internal sealed class SeenReader(SharedStateStore store)
{
    private const int Slice = 20_000;

    /// <summary>Between two tries.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var isMore = store.Seen.UnreadThrough > 0;
        while (isMore && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                isMore = await store.Database.ReadAsync(ReadAsync, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is: a reader that ended here would be missed by nobody.
                store.Meter.NoteFailure(StoreOperation.Load, failure);
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> ReadAsync(PgSession session)
    {
        var (watermark, upTo) = (store.Head.Watermark, store.Seen.UnreadThrough);
        var older = await session.QueryAsync(PgEvents.SelectKeysBefore, PgEvents.ReadKey, (int)EventIdWindow.FirstDay(watermark), upTo, Slice);
        return store.Seen.TakeOlder(older, upTo, watermark, isEnd: older.Count < Slice);
    }
}
