using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Answers what is asked during a login: loads, judges and forgets on the caller's thread, and never waits behind a batch.</summary>
/// <remarks>Where too many ask at once, or the store cannot be read, it answers from lists, blocks and what the batch judged last carried. Thread-safe.</remarks>
internal sealed class EvaluationLane(IStateStore store, EngineReference engine, int concurrency)
{
    private readonly UnitPool _units = new();
    private readonly CarriedParts _last = new();
    private int _asking;

    /// <summary>Notes what a batch carried, for answers without state.</summary>
    public void Note(CarriedParts carried)
    {
        lock (_last) _last.CopyFrom(carried);
    }

    public async ValueTask EvaluateAsync(EventBatch batch, Action<Effects> use, CancellationToken cancellationToken)
    {
        var unit = _units.Rent();
        var isOverloaded = Interlocked.Increment(ref _asking) > concurrency;
        try
        {
            var current = engine.Current;
            current.Prepare(batch, unit);
            unit.Effects.View.IsQuestion = true;
            var degraded = isOverloaded ? DegradedFacts.Overload : await LoadAsync(unit, cancellationToken).ConfigureAwait(false);
            if (degraded != DegradedFacts.None) UseLast(unit);
            current.Judge(unit, store.Blocks, store.AllowList, JudgeMode.Evaluate, degraded);
            use(unit.Effects);
        }
        finally
        {
            Interlocked.Decrement(ref _asking);
            _units.Return(unit);
        }
    }

    private async ValueTask<DegradedFacts> LoadAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        try
        {
            await store.LoadAsync(unit.Effects.View, cancellationToken).ConfigureAwait(false);
            unit.Carried.Load(unit.Effects.View.Carried);
            return DegradedFacts.None;
        }
        catch (StateStoreException)
        {
            return DegradedFacts.Store;
        }
    }

    private void UseLast(UnitOfWork unit)
    {
        lock (_last) unit.Carried.CopyFrom(_last);
    }
}
