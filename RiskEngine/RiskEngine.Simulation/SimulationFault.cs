namespace RiskEngine.Simulation;

/// <summary>One thing that is wrong with settings.</summary>
/// <param name="Setting">Name of the setting as on the command line, without dashes.</param>
/// <param name="Message">What is wrong, to be read after the name.</param>
public sealed record SimulationFault(string Setting, string Message)
{
    public override string ToString() => $"{Setting}: {Message}";
}
