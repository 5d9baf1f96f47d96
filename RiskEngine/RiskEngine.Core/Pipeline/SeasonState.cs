using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The monitor of the fleet of one batch.</summary>
internal sealed class SeasonState() : CarriedModel<FleetMonitor>(CarriedPart.Season)
{
    public FleetMonitor Monitor => Model;

    /// <summary>Moves on to the time of an event that is judged.</summary>
    public void Advance(uint at, FleetSettings settings) => IsChanged |= Model.Advance(at, settings);

    /// <summary>Counts an event that is accepted.</summary>
    public void Observe(in FleetLogin login, FleetSettings settings)
    {
        Model.Observe(login, settings);
        IsChanged = true;
    }
}
