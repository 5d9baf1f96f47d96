using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The table of novelty of one batch: read from the state that was loaded, written back where it changed, and so committed or lost with the rest.</summary>
/// <remarks>Not thread-safe: one stage owns it at a time.</remarks>
internal sealed class NoveltyState
{
    private bool _isChanged;

    public NoveltyTable Table { get; } = new();

    public void Observe(int cell, in LoginNovelty novelty, float systemShare, uint at)
    {
        Table.Observe(cell, novelty, systemShare, at);
        _isChanged = true;
    }

    /// <summary>Takes back what <see cref="Observe"/> counted of a login.</summary>
    /// <param name="novelty">How new it was, as the history kept it.</param>
    public void Forget(int cell, byte novelty)
    {
        Table.Forget(cell, LoginNovelty.NetworkIn(novelty), LoginNovelty.DeviceIn(novelty));
        _isChanged = true;
    }

    public void Load(CarriedState carried)
    {
        _isChanged = false;
        Table.Load(carried.Read(CarriedPart.Novelty));
    }

    public void Save(CarriedState carried)
    {
        if (_isChanged) Table.Save(carried.Write(CarriedPart.Novelty, NoveltyTable.StoredLength));
    }

    public void CopyFrom(NoveltyState other)
    {
        Table.CopyFrom(other.Table);
        _isChanged = false;
    }
}
