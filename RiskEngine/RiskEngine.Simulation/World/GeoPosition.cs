namespace RiskEngine.Simulation.World;

/// <summary>A place on the globe in degrees.</summary>
internal readonly record struct GeoPosition(double Latitude, double Longitude)
{
    private const double EarthRadius = 6371.0;
    private const double KilometresPerDegree = 111.2;

    /// <summary>Great-circle distance, in whole kilometres so that the last bit of a sine never decides anything.</summary>
    public double KilometresTo(GeoPosition other)
    {
        var latitude = Radians(other.Latitude - Latitude) / 2;
        var longitude = Radians(other.Longitude - Longitude) / 2;
        var chord = (Math.Sin(latitude) * Math.Sin(latitude))
            + (Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Math.Sin(longitude) * Math.Sin(longitude));
        return Math.Round(2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(chord))));
    }

    /// <summary>A place at most <paramref name="kilometres"/> away, fixed by <paramref name="key"/>; four decimals, about ten metres.</summary>
    public GeoPosition Scattered(ulong key, double kilometres)
    {
        // A square inside the circle; a degree of longitude is never longer than one of latitude.
        var reach = kilometres * 0.7 / KilometresPerDegree;
        var north = ((int)(key % 2001) - 1000) / 1000.0 * reach;
        var east = ((int)((key >> 20) % 2001) - 1000) / 1000.0 * reach;
        return new GeoPosition(Math.Round(Latitude + north, 4), Math.Round(Longitude + east, 4));
    }

    private static double Radians(double degrees) => degrees * (Math.PI / 180);
}
