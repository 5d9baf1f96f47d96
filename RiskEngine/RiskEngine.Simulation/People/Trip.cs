using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A journey: there by plane, some nights in a hotel, and back. Nobody logs in on the way.</summary>
internal sealed record Trip(City City, AccessPoint Hotel, NetworkOperator Carrier, EventTime Depart, EventTime Arrive, EventTime Leave, EventTime Back)
{
    private const int HotelAddresses = 6;
    private const double CruisingSpeed = 780;
    private static readonly TimeSpan Airports = TimeSpan.FromHours(3.5);

    // Nobody logs in on the last way to the airport, so that what follows a login is done before take-off.
    private static readonly TimeSpan Packing = TimeSpan.FromHours(1.5);

    /// <summary>Plans a trip of one to eight nights that begins within the day.</summary>
    public static Trip Plan(Internet internet, City home, EventTime day, SeededRandom random)
    {
        var country = random.Below(Atlas.Countries.Length);
        var city = random.Pick(Atlas.Countries[country].Cities);
        var travel = Airports + TimeSpan.FromHours(home.Position.KilometresTo(city.Position) / CruisingSpeed);
        var depart = day + random.Span(TimeSpan.FromHours(4), TimeSpan.FromHours(18));
        var arrive = depart + travel;
        var leave = arrive + random.Span(TimeSpan.FromHours(14), TimeSpan.FromDays(8));
        var hotel = internet.Hotels[country][0].Pooled(city, HotelAddresses, random);
        return new Trip(city, hotel, random.Pick(internet.Mobile[country]), depart, arrive, leave, leave + travel);
    }

    public bool IsOnTheWay(EventTime time) => (time > Depart - Packing && time < Arrive) || (time > Leave - Packing && time < Back);

    public bool IsAway(EventTime time) => time >= Arrive && time < Leave;
}
