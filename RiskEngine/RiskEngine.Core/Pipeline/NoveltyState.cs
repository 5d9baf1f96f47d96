using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The table of novelty of one batch.</summary>
internal sealed class NoveltyState() : CarriedModel<NoveltyTable>(CarriedPart.Novelty)
{
    public NoveltyTable Table => Model;

    public void Observe(int cell, in LoginNovelty novelty, float systemShare, uint at)
    {
        Model.Observe(cell, novelty, systemShare, at);
        IsChanged = true;
    }

    /// <summary>Counts the first accepted login of a subject.</summary>
    public void ObserveFirst(float systemShare, uint at)
    {
        Model.ObserveFirst(systemShare, at);
        IsChanged = true;
    }

    /// <summary>Takes back what <see cref="Observe"/> counted of a login.</summary>
    /// <param name="novelty">How new it was, as the history kept it.</param>
    public void Forget(int cell, byte novelty)
    {
        Model.Forget(cell, LoginNovelty.NetworkIn(novelty), LoginNovelty.DeviceIn(novelty));
        IsChanged = true;
    }
}
