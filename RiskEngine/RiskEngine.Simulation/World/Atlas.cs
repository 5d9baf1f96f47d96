namespace RiskEngine.Simulation.World;

/// <summary>The part of the world that people of the simulation live in: a European employer with people elsewhere.</summary>
internal static class Atlas
{
    public static Country[] Countries { get; } =
    [
        In("DE", 26, 1, ("Berlin", 52.5200, 13.4050), ("Hamburg", 53.5511, 9.9937), ("München", 48.1351, 11.5820),
            ("Köln", 50.9375, 6.9603), ("Leipzig", 51.3397, 12.3731)),
        In("FR", 12, 1, ("Paris", 48.8566, 2.3522), ("Lyon", 45.7640, 4.8357), ("Marseille", 43.2965, 5.3698), ("Toulouse", 43.6047, 1.4442)),
        In("GB", 11, 0, ("London", 51.5074, -0.1278), ("Manchester", 53.4808, -2.2426), ("Edinburgh", 55.9533, -3.1883), ("Bristol", 51.4545, -2.5879)),
        In("US", 12, -5, ("New York", 40.7128, -74.0060), ("Boston", 42.3601, -71.0589), ("Atlanta", 33.7490, -84.3880), ("Philadelphia", 39.9526, -75.1652)),
        In("NO", 7, 1, ("Oslo", 59.9139, 10.7522), ("Bergen", 60.3913, 5.3221), ("Trondheim", 63.4305, 10.3951)),
        In("ES", 6, 1, ("Madrid", 40.4168, -3.7038), ("Barcelona", 41.3874, 2.1686), ("Valencia", 39.4699, -0.3763)),
        In("IT", 6, 1, ("Milano", 45.4642, 9.1900), ("Roma", 41.9028, 12.4964), ("Torino", 45.0703, 7.6869)),
        In("PL", 6, 1, ("Warszawa", 52.2297, 21.0122), ("Kraków", 50.0647, 19.9450), ("Gdańsk", 54.3520, 18.6466)),
        In("BR", 5, -3, ("São Paulo", -23.5505, -46.6333), ("Rio de Janeiro", -22.9068, -43.1729), ("Curitiba", -25.4284, -49.2733)),
        In("IN", 4, 5.5, ("Bengaluru", 12.9716, 77.5946), ("Mumbai", 19.0760, 72.8777), ("Delhi", 28.6139, 77.2090)),
        In("JP", 3, 9, ("Tokyo", 35.6762, 139.6503), ("Osaka", 34.6937, 135.5023), ("Nagoya", 35.1815, 136.9066)),
        In("SE", 2, 1, ("Stockholm", 59.3293, 18.0686), ("Göteborg", 57.7089, 11.9746), ("Malmö", 55.6050, 13.0038)),
        // Few or none live here, but attackers' hosts and travellers do.
        In("RO", 0.5, 2, ("Bucharest", 44.4268, 26.1025), ("Cluj-Napoca", 46.7712, 23.6236)),
        In("NL", 0.5, 1, ("Amsterdam", 52.3676, 4.9041), ("Rotterdam", 51.9244, 4.4777)),
        In("VN", 0.3, 7, ("Hanoi", 21.0278, 105.8342), ("Ho Chi Minh City", 10.8231, 106.6297)),
        In("ID", 0.3, 7, ("Jakarta", -6.2088, 106.8456), ("Surabaya", -7.2575, 112.7521)),
        In("SG", 0.4, 8, ("Singapore", 1.3521, 103.8198)),
        In("AU", 0.5, 10, ("Sydney", -33.8688, 151.2093), ("Melbourne", -37.8136, 144.9631)),
    ];

    public static City[] Cities { get; } = [.. Countries.SelectMany(country => country.Cities)];

    private static Country In(string code, double weight, double hours, params (string Name, double Latitude, double Longitude)[] cities)
    {
        var offset = TimeSpan.FromMinutes((int)(hours * 60));
        return new Country(code, weight, [.. cities.Select(city => new City(city.Name, code, new GeoPosition(city.Latitude, city.Longitude), offset))]);
    }
}
