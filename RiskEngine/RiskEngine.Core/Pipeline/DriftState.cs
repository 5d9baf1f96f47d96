using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The drift of scores of one batch.</summary>
internal sealed class DriftState() : CarriedModel<ScoreDrift>(CarriedPart.Drift)
{
    public double Index => Model.Index;

    /// <summary>Counts a successful login that is accepted.</summary>
    public void Observe(ulong model, double logOdds, uint at)
    {
        Model.Observe(model, logOdds, at);
        IsChanged = true;
    }
}
