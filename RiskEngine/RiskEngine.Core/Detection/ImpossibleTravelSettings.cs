using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Detection;

/// <summary>Strengths and thresholds of <see cref="ImpossibleTravelDetector"/>, under <c>detection.impossible_travel</c>.</summary>
public sealed record ImpossibleTravelSettings
{
    /// <summary>Gets the evidence of travel that is certainly impossible.</summary>
    /// <value>0 (off) to 10 nats. The default is 4.8.</value>
    [Range(0.0, 10.0)]
    public double Evidence { get; init; } = 4.8;

    /// <summary>Gets the speed above which travel is suspect; twice this speed is certain.</summary>
    /// <value>100 to 3000 km/h. The default is 1000, a little above an airliner.</value>
    [Range(100.0, 3000.0)]
    public double MaximumSpeedKmh { get; init; } = 1000;

    /// <summary>Gets the distance, radii taken off, up to which databases simply disagree.</summary>
    /// <value>0 to 400 km. The default is 100.</value>
    [Range(0.0, 400.0)]
    public double MinimumDistanceKm { get; init; } = 100;

    /// <summary>Gets the distance from which no error of a database explains it.</summary>
    /// <value>500 to 20000 km. The default is 500.</value>
    [Range(500.0, 20000.0)]
    public double CertainDistanceKm { get; init; } = 500;

    /// <summary>Gets the radius assumed where the database gives none.</summary>
    /// <value>0 to 1000 km. The default is 50.</value>
    [Range(0.0, 1000.0)]
    public double UnknownRadiusKm { get; init; } = 50;

    /// <summary>Gets the least radius of an address of a mobile carrier.</summary>
    /// <value>0 to 2000 km. The default is 300.</value>
    [Range(0.0, 2000.0)]
    public double MobileRadiusKm { get; init; } = 300;

    /// <summary>Gets what travel counts with a VPN or a data centre at either end, or within one autonomous system.</summary>
    /// <value>0 to 1. The default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double HiddenShare { get; init; } = 0.2;

    /// <summary>Gets accepted logins from this address or network that make it a place of the subject's own.</summary>
    /// <value>1 to 50 logins. The default is 3.</value>
    [Range(1, 50)]
    public int HabitLogins { get; init; } = 3;

    /// <summary>Gets the least time that is assumed between two logins: clocks and queues differ.</summary>
    /// <value>One second to one hour. The default is five minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan MinimumElapsed { get; init; } = TimeSpan.FromMinutes(5);
}
