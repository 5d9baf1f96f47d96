using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Scoring;

/// <summary>How evidence becomes a score and a level, under <c>scoring</c>.</summary>
public sealed record ScoringSettings : IValidatableObject
{
    /// <summary>Gets the log-odds before any evidence, in nats.</summary>
    /// <value>−15 to 0. The default is −4.595, a base rate of 1 %; other values make scores incomparable with everybody else's.</value>
    [Range(-15.0, 0.0)]
    public double Prior { get; init; } = -4.595;

    /// <summary>Gets the score from which a login is of low risk: something is unusual, as with a new phone at home. The built-in policy tells people from here.</summary>
    /// <value>0 to 100, not above <see cref="Medium"/>. The default is 3.</value>
    [Range(0.0, 100.0)]
    public double Low { get; init; } = 3;

    /// <summary>Gets the score from which a login is of medium risk: more than one thing is new, worth telling somebody.</summary>
    /// <value>0 to 100, not above <see cref="High"/>. The default is 8.</value>
    [Range(0.0, 100.0)]
    public double Medium { get; init; } = 8;

    /// <summary>Gets the score from which a login is of high risk: a new device in a new network, or worse. The built-in policy challenges from here.</summary>
    /// <value>0 to 100. The default is 15, chosen on simulated traffic so that well under 1 % of honest logins reach it.</value>
    [Range(0.0, 100.0)]
    public double High { get; init; } = 15;

    public GroupsSettings Groups { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Low > Medium || Medium > High) yield return new ValidationResult("thresholds must rise: low, medium, high");
    }
}
