using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Models;

/// <summary>Which attackers the likelihood ratio reckons with, under <c>model.likelihood</c>. The shares need not sum to 1.</summary>
public sealed record LikelihoodSettings
{
    /// <summary>Gets what each nat of the ratio counts beside other evidence.</summary>
    /// <value>0 (off) to 2. The default is 0.65.</value>
    [Range(0.0, 2.0)]
    public double Weight { get; init; } = 0.65;

    /// <summary>Gets the share of attackers who come from anywhere with anything, as a random other login of the fleet.</summary>
    /// <value>0 to 1. The default is 0.18.</value>
    [Range(0.0, 1.0)]
    public double Anywhere { get; init; } = 0.18;

    /// <summary>Gets the share of those who come from the victim's country with anything.</summary>
    /// <value>0 to 1. The default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double SameCountry { get; init; } = 0.2;

    /// <summary>Gets the share of those who copied the victim's user agent and are with the victim's provider.</summary>
    /// <value>0 to 1. The default is 0.3.</value>
    [Range(0.0, 1.0)]
    public double CopiedInSystem { get; init; } = 0.3;

    /// <summary>Gets the share of those who copied the victim's user agent and come from its country.</summary>
    /// <value>0 to 1. The default is 0.07.</value>
    [Range(0.0, 1.0)]
    public double CopiedInCountry { get; init; } = 0.07;

    /// <summary>Gets the share of those who copied the victim's user agent and come from anywhere, as phishing proxies do.</summary>
    /// <value>0 to 1. The default is 0.12.</value>
    [Range(0.0, 1.0)]
    public double CopiedAnywhere { get; init; } = 0.12;

    /// <summary>Gets the share of those who come from networks that hardly anybody here uses: rented servers, proxies.</summary>
    /// <value>0 to 1. The default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double RareNetwork { get; init; } = 0.1;

    /// <summary>Gets the share of those who sit at the victim's own place with a device of their own.</summary>
    /// <value>0 to 1. The default is 0.03.</value>
    [Range(0.0, 1.0)]
    public double SamePlace { get; init; } = 0.03;
}
