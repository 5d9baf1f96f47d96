namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>How likely a subject is to show what a login shows, given its history.</summary>
/// <param name="Address">Network and address.</param>
/// <param name="Network">The network alone.</param>
/// <param name="Country">The network's country alone.</param>
/// <param name="Device">Device and versions, which are independent of whence.</param>
internal readonly record struct Likelihoods(double Address, double Network, double Country, double Device)
{
    public double Login => Address * Device;
}
