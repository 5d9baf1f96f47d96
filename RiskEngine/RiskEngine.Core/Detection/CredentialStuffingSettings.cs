using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="CredentialStuffingDetector"/>, under <c>detection.credential_stuffing</c>.</summary>
public sealed record CredentialStuffingSettings
{
    /// <summary>Gets the evidence of an address that tries a list.</summary>
    /// <value>0 (off) to 10 nats. The default is 3.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Gets what the network counts.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    [Range(0.0, 1.0)]
    public double NetworkShare { get; init; } = 0.5;

    /// <summary>Gets what the autonomous system counts.</summary>
    /// <value>0 to 1. The default is 0.3.</value>
    [Range(0.0, 1.0)]
    public double AsnShare { get; init; } = 0.3;

    /// <summary>Gets failures of an address below which nothing is said.</summary>
    /// <value>2 to 10000 failures, fading by half each day. The default is 10.</value>
    [Range(2.0, 10000.0)]
    public double MinimumFailures { get; init; } = 10;

    /// <summary>Gets failures of a network below which nothing is said.</summary>
    /// <value>2 to 10000 failures. The default is 30.</value>
    [Range(2.0, 10000.0)]
    public double MinimumNetworkFailures { get; init; } = 30;

    /// <summary>Gets failures of an autonomous system below which nothing is said.</summary>
    /// <value>2 to 10000 failures. The default is 100.</value>
    [Range(2.0, 10000.0)]
    public double MinimumAsnFailures { get; init; } = 100;

    /// <summary>Gets failures added to the minimum for every established subject.</summary>
    /// <value>0 to 10. The default is 0.25.</value>
    [Range(0.0, 10.0)]
    public double FailuresPerSubject { get; init; } = 0.25;

    /// <summary>Gets the share of unknown names that is ordinary.</summary>
    /// <value>0 to 0.5. The default is 0.3.</value>
    [Range(0.0, 0.5)]
    public double MinimumUnknownShare { get; init; } = 0.3;

    /// <summary>Gets the share at which the evidence is full.</summary>
    /// <value>0.51 to 1. The default is 0.8.</value>
    [Range(0.51, 1.0)]
    public double FullUnknownShare { get; init; } = 0.8;

    /// <summary>Gets what is said of a login that something familiar vouches for.</summary>
    /// <value>0 to 1. The default is 0.3.</value>
    [Range(0.0, 1.0)]
    public double FamiliarShare { get; init; } = 0.3;
}
