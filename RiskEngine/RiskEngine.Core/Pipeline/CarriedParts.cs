using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>All that the judge carries from batch to batch, in the form it works with. Not thread-safe: one stage owns it at a time.</summary>
internal sealed class CarriedParts
{
    public ValveState Valve { get; } = new();

    public NoveltyState Novelty { get; } = new();

    public SeasonState Season { get; } = new();

    public DriftState Drift { get; } = new();

    public void Load(CarriedState carried)
    {
        Valve.Load(carried);
        Novelty.Load(carried);
        Season.Load(carried);
        Drift.Load(carried);
    }

    public void Save(CarriedState carried)
    {
        Valve.Save(carried);
        Novelty.Save(carried);
        Season.Save(carried);
        Drift.Save(carried);
    }

    public void CopyFrom(CarriedParts other)
    {
        Valve.CopyFrom(other.Valve);
        Novelty.CopyFrom(other.Novelty);
        Season.CopyFrom(other.Season);
        Drift.CopyFrom(other.Drift);
    }
}
