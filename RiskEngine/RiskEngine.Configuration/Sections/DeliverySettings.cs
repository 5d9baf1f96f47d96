using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Configuration;

/// <summary>What every responder can be told of how to deliver.</summary>
public abstract record DeliverySettings
{
    /// <summary>Gets whether only to tell in the log what would be done. The default is false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Gets how many deliveries are under way at once; those about one subject or one block keep their order.</summary>
    /// <value>1 to 64. The default is 4.</value>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;

    /// <summary>Gets the age above which what could not be delivered is given up and becomes a dead letter.</summary>
    /// <value>1 minute to 7 days. The default is one day.</value>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);
}
