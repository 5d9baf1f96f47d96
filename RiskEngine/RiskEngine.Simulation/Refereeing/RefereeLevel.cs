namespace RiskEngine.Simulation.Refereeing;

/// <summary>How risky the engine found an event, in rising order.</summary>
public enum RefereeLevel : byte
{
    None,
    Low,
    Medium,
    High,
}
