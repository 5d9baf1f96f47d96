using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Judges batches by one snapshot of detectors, weights, policy and facts.</summary>
public sealed class Engine
{
    public void Prepare(EventBatch batch, UnitOfWork unit, IStateStore store) => unit.MakeRoom(batch.Count);

    public void Judge(UnitOfWork unit, IStateStore store, JudgeMode mode, DegradedFacts degraded)
    {
    }

    public void JudgeByLists(UnitOfWork unit, IStateStore store)
    {
    }
}
