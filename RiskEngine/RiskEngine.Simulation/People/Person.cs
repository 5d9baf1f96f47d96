using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>Somebody with an account: where they live and work, with what and how often they log in. Mutable: a life goes on.</summary>
internal sealed class Person
{
    private const double NewPhonePerDay = 0.002;

    // Friends' flats, cafés, trains: a line in town that is somebody else's, often of another provider.
    private const double GuestShare = 0.05;

    // Logins a day: most people log in less than once a day, a few all day long.
    private static readonly QuantileTable Activity =
        new((0, 0.02), (0.1, 0.05), (0.25, 0.15), (0.5, 0.55), (0.75, 1.4), (0.9, 3), (0.97, 6), (0.995, 12), (1, 25));

    // How likely somebody is still at the same machine and line, by minutes since the last login.
    private static readonly QuantileTable StaysByMinutes = new((0, 0.87), (1, 0.79), (10, 0.52), (40, 0.1), (60, 0));

    private readonly Internet _internet;
    private readonly City _home;
    private readonly int _country;
    private readonly HomeLine _homeLine;
    private readonly PhoneLine _phoneLine;
    private readonly NetworkOperator _carrier;
    private readonly NetworkOperator? _vpn;
    private readonly City _vpnExit;
    private readonly double _tripsPerDay;
    private readonly List<Device> _devices;
    private AccessPoint? _lastFrom;
    private Device? _lastDevice;
    private EventTime _lastTime;

    /// <param name="office">Where the person works, null for private accounts.</param>
    public Person(Account account, int country, Office? office, EventTime start, Internet internet, SeededRandom random)
    {
        (Account, Random, Office, _internet, _country) = (account, random, office, internet, country);
        _home = office?.City ?? random.Pick(Atlas.Countries[country].Cities);
        var residential = internet.Residential[country][random.Weighted([0.58, 0.27, 0.15])];
        _homeLine = new HomeLine(residential, _home, random.Chance(1 / 3.0), start - random.Span(TimeSpan.Zero, TimeSpan.FromDays(5)), random);
        _carrier = random.Pick(internet.Mobile[country]);
        _phoneLine = new PhoneLine(random);
        _vpn = random.Chance(0.025) ? random.Pick(internet.Vpns) : null;
        _vpnExit = random.Chance(0.5) ? Atlas.Countries[country].Cities[0] : random.Pick(internet.Vpns[0].Cities);
        _tripsPerDay = random.Chance(office is null ? 0.08 : 0.2) ? 0.02 : 0.0005;
        LoginsPerDay = Activity.Draw(random);
        Clumsiness = random.Uniform(0.01, 0.1);
        _devices = [Device.Desktop(random)];
        if (random.Chance(0.75)) _devices.Add(Device.Phone(random));
        if (random.Chance(0.2)) _devices.Add(Device.Desktop(random));
    }

    public Account Account { get; }

    public SeededRandom Random { get; }

    public Office? Office { get; }

    public Rhythm Rhythm => Office is null ? Rhythm.Private : Rhythm.Work;

    public double LoginsPerDay { get; }

    /// <summary>Gets the probability that a login begins with a wrong password.</summary>
    public double Clumsiness { get; }

    public Trip? Trip { get; private set; }

    public TimeSpan UtcOffsetAt(EventTime time) => Trip?.IsAway(time) == true ? Trip.City.UtcOffset : _home.UtcOffset;

    /// <summary>What the day may bring beside logins: a journey, a new phone.</summary>
    public void Wake(EventTime day)
    {
        if (Trip is not null && day > Trip.Back) Trip = null;
        if (Trip is null && Random.Chance(_tripsPerDay)) Trip = Trip.Plan(_internet, _home, day, Random);
        if (!Random.Chance(NewPhonePerDay)) return;
        _devices.RemoveAll(device => device.IsPhone);
        _devices.Add(Device.Phone(Random));
    }

    /// <summary>Sits down to log in: soon after the last time mostly where that was, else wherever the hour suggests.</summary>
    public Visit Visit(EventTime time, string application)
    {
        if (_lastFrom is null || !Random.Chance(StaysByMinutes.At((time - _lastTime).TotalMinutes)))
        {
            _lastDevice = Choose(phone: Random.Chance(0.28));
            _lastFrom = Connect(time, _lastDevice);
        }

        _lastTime = time;
        return new Visit(_lastFrom, _lastDevice!.UserAgent(time), _lastDevice.Id, application);
    }

    private Device Choose(bool phone)
    {
        var suitable = _devices.FindAll(device => device.IsPhone == phone);
        // The first is the one mostly used.
        return suitable.Count == 0 || Random.Chance(0.1) ? Random.Pick(_devices) : suitable[Random.Chance(0.8) ? 0 : suitable.Count - 1];
    }

    private AccessPoint Connect(EventTime time, Device device)
    {
        if (_vpn is not null) return _vpn.Pooled(Random.Chance(0.9) ? _vpnExit : Random.Pick(_vpn.Cities), 8, Random);
        var roams = device.IsPhone && Random.Chance(0.45);
        if (Trip?.IsAway(time) == true) return roams ? _phoneLine.Connect(Trip.Carrier, Trip.City, time) : Trip.Hotel;
        if (roams) return _phoneLine.Connect(_carrier, _home, time);
        if (Random.Chance(GuestShare)) return Random.Pick(_internet.Residential[_country]).Lease(_home, Random);
        var atWork = Office is not null && Rhythm.IsWorkingTime(time, _home.UtcOffset) && Random.Chance(0.7);
        return atWork ? Random.Pick(Office!.Exits) : _homeLine.Connect(time);
    }
}
