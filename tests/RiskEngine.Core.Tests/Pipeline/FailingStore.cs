using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>A store in memory whose commits fail when a test says so: nothing of them is applied, as the contract has it.</summary>
internal sealed class FailingStore : IStateStore
{
    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings(), TimeProvider.System);
    private int _failures;

    public KeyedHash Hash => _store.Hash;

    public BlockTable Blocks => _store.Blocks;

    public BlockTable AllowList => _store.AllowList;

    /// <summary>Gets how often a commit was asked for.</summary>
    public int Commits { get; private set; }

    public void FailNextCommits(int count) => _failures = count;

    public ValueTask LoadAsync(StateView view, CancellationToken cancellationToken) => _store.LoadAsync(view, cancellationToken);

    public ValueTask CommitAsync(Effects effects, CancellationToken cancellationToken)
    {
        Commits++;
        return _failures-- > 0 ? ValueTask.FromException(new StateStoreException("The disk is full.")) : _store.CommitAsync(effects, cancellationToken);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
