using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The drift of scores of one batch: read from the state that was loaded, written back where it changed, and so committed or lost with the rest.</summary>
/// <remarks>Not thread-safe: one stage owns it at a time.</remarks>
internal sealed class DriftState
{
    private bool _isChanged;

    public ScoreDrift Drift { get; } = new();

    /// <summary>Counts a successful login that is accepted.</summary>
    public void Observe(ulong model, double logOdds, uint at)
    {
        Drift.Observe(model, logOdds, at);
        _isChanged = true;
    }

    public void Load(CarriedState carried)
    {
        _isChanged = false;
        Drift.Load(carried.Read(CarriedPart.Drift));
    }

    public void Save(CarriedState carried)
    {
        if (_isChanged) Drift.Save(carried.Write(CarriedPart.Drift, ScoreDrift.StoredLength));
    }

    public void CopyFrom(DriftState other)
    {
        Drift.CopyFrom(other.Drift);
        _isChanged = false;
    }
}
