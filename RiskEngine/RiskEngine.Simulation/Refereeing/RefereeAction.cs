namespace RiskEngine.Simulation.Refereeing;

/// <summary>What a decision did to a login, in rising order; the numbers are those of the engine's actions.</summary>
public enum RefereeAction : byte
{
    Allow,
    Notify,
    Challenge,
    Block,
}
