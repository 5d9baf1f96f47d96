using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>What every suite on stores needs: a store to open and a time to speak of.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    /// <summary>The time that the tests take for now.</summary>
    protected static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly Stack<IDisposable> _owned = [];

    protected ManualTimeProvider Time { get; } = new(Now.ToDateTimeOffset());

    protected IStateStore Store { get; private set; } = null!;

    protected IRecordStore Records => (IRecordStore)Store;

    /// <summary>Opens an empty store that keeps at most that many rows of each kind in memory.</summary>
    protected abstract Task<IStateStore> OpenAsync(int rowsPerTable);

    public virtual async Task InitializeAsync() => Store = await OpenAsync(100_000);

    public virtual async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        while (_owned.TryPop(out var needed)) needed.Dispose();
    }

    /// <summary>Disposes of something when the store is closed, such as the folder that it lies in.</summary>
    protected void Own(IDisposable needed) => _owned.Push(needed);

    /// <summary>Opens one with other caps in the place of the first.</summary>
    protected async Task ReopenEmptyAsync(int rowsPerTable)
    {
        await Store.DisposeAsync();
        Store = await OpenAsync(rowsPerTable);
    }

    protected UnitOfWork Work() => new(Store.Hash);
}
