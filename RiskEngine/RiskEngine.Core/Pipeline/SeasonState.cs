using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The monitor of the fleet of one batch: read from the state that was loaded, written back where it changed, and so committed or lost with the rest.</summary>
/// <remarks>Not thread-safe: one stage owns it at a time.</remarks>
internal sealed class SeasonState
{
    private bool _isChanged;

    public FleetMonitor Monitor { get; } = new();

    /// <summary>Moves on to the time of an event that is judged.</summary>
    public void Advance(uint at, FleetSettings settings) => _isChanged |= Monitor.Advance(at, settings);

    /// <summary>Counts an event that is accepted.</summary>
    public void Observe(in FleetLogin login, FleetSettings settings)
    {
        Monitor.Observe(login, settings);
        _isChanged = true;
    }

    public void Load(CarriedState carried)
    {
        _isChanged = false;
        Monitor.Load(carried.Read(CarriedPart.Season));
    }

    public void Save(CarriedState carried)
    {
        if (_isChanged) Monitor.Save(carried.Write(CarriedPart.Season, FleetMonitor.StoredLength));
    }

    public void CopyFrom(SeasonState other)
    {
        Monitor.CopyFrom(other.Monitor);
        _isChanged = false;
    }
}
