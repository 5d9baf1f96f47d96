using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="AddressReputationDetector"/>, under <c>detection.address_reputation</c>.</summary>
public sealed record AddressReputationSettings
{
    /// <summary>Gets the evidence of an address at −5.</summary>
    /// <value>0 (off) to 10 nats. The default is 1.8.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 1.8;

    /// <summary>Gets the evidence in favour of an address at +5; small, for it is other people's good name.</summary>
    /// <value>0 (off) to 3 nats. The default is 0.2.</value>
    [Range(0.0, 3.0)]
    public double GoodEvidence { get; init; } = 0.2;

    /// <summary>Gets failures that are forgiven; five more are the worst.</summary>
    /// <value>0 to 100 failures. The default is 2.</value>
    [Range(0.0, 100.0)]
    public double Tolerance { get; init; } = 2;

    /// <summary>Gets failures forgiven for every success; a success counts once per subject and day.</summary>
    /// <value>0 to 1. The default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double AllowancePerSuccess { get; init; } = 0.25;

    /// <summary>Gets how many failures each established subject of the address excuses; the larger of this and <see cref="AllowancePerSuccess"/> counts.</summary>
    /// <value>0 to 10. The default is 0.5.</value>
    [Range(0.0, 10.0)]
    public double AllowancePerSubject { get; init; } = 0.5;
}
