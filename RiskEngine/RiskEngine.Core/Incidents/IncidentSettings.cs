using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Incidents;

/// <summary>What is put together and how much of it is kept, under <c>incidents</c>.</summary>
public sealed record IncidentSettings
{
    /// <summary>Gets how long an incident is quiet before it is closed; what comes later is another one. In event time.</summary>
    /// <value>10 minutes to 7 days. The default is 12 hours.</value>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Gets the risk score from which a sign-in that worked opens an incident by itself.</summary>
    /// <value>10 to 100. The default is 50: an unknown device through a VPN, and not a new phone on the carrier.</value>
    [Range(10.0, 100.0)]
    public double TakeoverScore { get; init; } = 50;

    /// <summary>Gets how many incidents may be open; beyond that the least severe twentieth, of equal ones those quiet for longest, is closed early.</summary>
    /// <value>10 to 100000. The default is 1000.</value>
    [Range(10, 100_000)]
    public int MaximumOpen { get; init; } = 1000;

    /// <summary>Gets how many closed incidents are kept in memory; the least severe twentieth, of equal ones the oldest, goes first.</summary>
    /// <value>0 to 100000. The default is 2000.</value>
    [Range(0, 100_000)]
    public int MaximumClosed { get; init; } = 2000;

    /// <summary>Gets how far back stored assessments are read at a start, from the newest, to find the incidents again.</summary>
    /// <value>1 to 365 days. The default is 30.</value>
    [Range(1, 365)]
    public int LookBackDays { get; init; } = 30;
}
