namespace RiskEngine.Core.Facts;

/// <summary>A place on the globe.</summary>
/// <param name="Latitude">Degrees north, −90 to 90; NaN when unknown.</param>
/// <param name="Longitude">Degrees east, −180 to 180; NaN when unknown.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>Mean radius of the earth in kilometres (IUGG). A sphere errs by at most 0.6 %, far less than any database of addresses.</summary>
    private const double EarthRadius = 6371.0088;

    /// <summary>Gets whether both coordinates are numbers within their ranges.</summary>
    public bool IsKnown => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;

    /// <summary>Great-circle distance in kilometres, 0 to 20,015; NaN when either place is unknown.</summary>
    /// <remarks>Haversine: well-conditioned for near places. Rounding can carry the square root's argument above 1 for antipodes, hence the bound.</remarks>
    public double KilometresTo(GeoPoint other)
    {
        if (!IsKnown || !other.IsKnown) return double.NaN;
        var north = Math.Sin(double.DegreesToRadians(other.Latitude - Latitude) / 2);
        var east = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var chord = (north * north) + (Math.Cos(double.DegreesToRadians(Latitude)) * Math.Cos(double.DegreesToRadians(other.Latitude)) * east * east);
        return 2 * EarthRadius * Math.Asin(Math.Sqrt(Math.Min(chord, 1)));
    }
}
