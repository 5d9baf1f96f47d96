using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Configuration;

/// <summary>How long each table is kept, under <c>retention</c>; events and assessments have <see cref="StoreSettings.RetentionDays"/>.</summary>
/// <remarks>Ages are those at the newest event, or at the clock where that is behind. Removal goes on beside the work, a slice at a time.</remarks>
public sealed record RetentionSettings
{
    /// <summary>Gets how long a subject's profile is kept after it last changed.</summary>
    /// <value>1 to 3650 days. The default is 400 days: who comes back after a year is still known.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Profiles { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets how long reputation, and pairs of subject and address, are kept after they last changed.</summary>
    /// <value>1 to 3650 days. The default is 90 days; their counts have faded long before.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Reputation { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets how long words of people on events are kept.</summary>
    /// <value>1 to 3650 days. The default is 400 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Feedback { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets how long records of the audit are kept; the chain stays verifiable from the last one removed.</summary>
    /// <value>30 to 3650 days. The default is 730 days.</value>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Audit { get; init; } = TimeSpan.FromDays(730);
}
