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

    private const double UnusualApplication = 0.025;
    private const double Adopted = 0.2;
    private const double VpnSwitchedOn = 0.03;
    private const int MostSessions = 3;

    // Logins a day: most people log in less than once a day, a few all day long.
    private static readonly QuantileTable Activity =
        new((0, 0.02), (0.1, 0.05), (0.25, 0.15), (0.5, 0.55), (0.75, 1.4), (0.9, 3), (0.97, 6), (0.995, 12), (1, 25));

    // How likely somebody is still at the same machine and line, by minutes since the last login.
    private static readonly QuantileTable StaysByMinutes = new((0, 0.91), (1, 0.84), (10, 0.57), (40, 0.14), (60, 0));

    private readonly Internet _internet;
    private readonly City _home;
    private readonly int _country;
    private readonly HomeLine _homeLine;
    private readonly PhoneLine _phoneLine;
    private readonly NetworkOperator _carrier;
    private readonly NetworkOperator? _vpn;
    private readonly City _vpnExit;
    private readonly double _tripsPerDay;
    private readonly Rhythm _rhythm;
    private readonly TimeSpan _habit;
    private readonly double _nightsPerDay;
    private readonly string[] _applications;
    private readonly List<Device> _devices;
    private readonly List<OpenSession> _sessions = [];
    private AccessPoint? _lastFrom;
    private Device? _lastDevice;
    private EventTime _lastTime;

    /// <param name="office">Where the person works, null for private accounts.</param>
    public Person(Account account, int country, Office? office, EventTime start, Internet internet, SeededRandom random)
    {
        (Account, Random, Office, _internet, _country) = (account, random, office, internet, country);
        _home = account.Home!;
        var residential = internet.Residential[country][random.Weighted([0.58, 0.27, 0.15])];
        _homeLine = new HomeLine(residential, _home, random.Chance(1 / 3.0), start - random.Span(TimeSpan.Zero, TimeSpan.FromDays(5)), random);
        _rhythm = Rhythm.Of(office is not null, random);
        // What the next time zone is to a country: nobody's day begins on the hour that it does for all.
        _habit = random.Span(TimeSpan.FromMinutes(-50), TimeSpan.FromMinutes(50));
        var isOnCall = account.IsAdministrator || account.Groups.Any(group => group is "engineering" or "operations");
        _nightsPerDay = isOnCall ? 0.008 : 0.001;
        _applications = Applications.Usual(account.Groups, random);
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
        Laptop = _devices[0];
        if (office is not null && random.Chance(isOnCall ? 0.2 : 0.02)) Token = new ApiToken(internet, random);
    }

    public Account Account { get; }

    public SeededRandom Random { get; }

    public Office? Office { get; }

    public ApiToken? Token { get; }

    /// <summary>The machine mostly used.</summary>
    public Device Laptop { get; private set; }

    public double LoginsPerDay { get; }

    /// <summary>Gets the probability that a login begins with a wrong password.</summary>
    public double Clumsiness { get; }

    public Trip? Trip { get; private set; }

    /// <summary>Whether the person has the account then, and is neither away for months nor on a plane.</summary>
    public bool IsThere(EventTime time) => time > Account.CreatedAt && Account.Absence?.IsAway(time) != true && Trip?.IsOnTheWay(time) != true;

    /// <summary>When the person does something on the day that begins then.</summary>
    public EventTime DrawTime(EventTime day) => _rhythm.Draw(day, UtcOffsetAt(day), Random);

    /// <summary>When the person logs in on that day, if at all: weekends are thinned, and now and then something has to be done at night.</summary>
    public IEnumerable<EventTime> DrawLogins(EventTime day)
    {
        for (var left = Random.Poisson(LoginsPerDay * 1.15); left > 0; left--)
        {
            var time = DrawTime(day);
            if (_rhythm.Keeps(time, UtcOffsetAt(day), Random)) yield return time;
        }

        if (Random.Chance(_nightsPerDay)) yield return Rhythm.DrawNight(day, UtcOffsetAt(day), Random);
    }

    /// <summary>What the day may bring beside logins: a journey, a new phone.</summary>
    public void Wake(EventTime day)
    {
        if (Trip is not null && day > Trip.Back) Trip = null;
        _sessions.RemoveAll(session => session.Ends <= day);
        if (Trip is null && Random.Chance(_tripsPerDay)) Trip = Trip.Plan(_internet, _home, day, Random);
        if (!Random.Chance(NewPhonePerDay)) return;
        _devices.RemoveAll(device => device.IsPhone);
        _devices.Add(Device.Phone(Random));
    }

    /// <summary>Comes back after months: to what was left behind, or to a new machine.</summary>
    public void Return()
    {
        _sessions.Clear();
        if (!Random.Chance(0.4)) return;
        _devices[0] = Laptop = Device.Desktop(Random);
    }

    /// <summary>Sits down to log in: soon after the last time mostly where that was, else wherever the hour suggests.</summary>
    public Visit Visit(EventTime time)
    {
        if (_lastFrom is null || !Random.Chance(StaysByMinutes.At((time - _lastTime).TotalMinutes)))
        {
            _lastDevice = Choose(phone: Random.Chance(0.28));
            _lastFrom = Connect(time, _lastDevice);
        }

        _lastTime = time;
        return new Visit(_lastFrom, _lastDevice!.UserAgent(time), _lastDevice.Id, ChooseApplication());
    }

    /// <summary>Leaves a session open on the device of the last visit, until the evening or for days.</summary>
    public void KeepOpen(UInt128 session, EventTime time, string application)
    {
        if (_sessions.Count == MostSessions) _sessions.RemoveAt(0);
        var until = Random.Chance(0.6) ? TimeSpan.FromHours(Random.Uniform(3, 11)) : TimeSpan.FromDays(Random.Uniform(0.6, 12));
        _sessions.Add(new OpenSession(session, _lastDevice!, application, time, time + until));
    }

    /// <summary>When the person comes back to sessions left open, on that day.</summary>
    public IEnumerable<(EventTime Time, OpenSession Session)> DrawReturns(EventTime day)
    {
        foreach (var session in _sessions)
        {
            for (var left = Random.Poisson(0.8); left > 0; left--)
            {
                var time = DrawTime(day);
                if (time > session.Opened && time < session.Ends) yield return (time, session);
            }
        }
    }

    /// <summary>The same browser again, updated perhaps, on whichever network it is by now, or behind a VPN just switched on.</summary>
    public Visit Resume(OpenSession session, EventTime time)
    {
        var from = Random.Chance(VpnSwitchedOn) ? Random.Pick(_internet.Vpns).Pooled(_vpnExit, 8, Random) : Connect(time, session.Device, tethered: Random.Chance(0.06));
        return new Visit(from, session.Device.UserAgent(time), session.Device.Id, session.Application);
    }

    /// <summary>Whence a device connects at that time.</summary>
    /// <param name="tethered">Through the phone, as on a train.</param>
    public AccessPoint Connect(EventTime time, Device device, bool tethered = false)
    {
        if (_vpn is not null) return _vpn.Pooled(Random.Chance(0.9) ? _vpnExit : Random.Pick(_vpn.Cities), 8, Random);
        var roams = tethered || (device.IsPhone && Random.Chance(0.45));
        if (Trip?.IsAway(time) == true) return roams ? _phoneLine.Connect(Trip.Carrier, Trip.City, time) : Trip.Hotel;
        if (roams) return _phoneLine.Connect(_carrier, _home, time);
        if (Random.Chance(GuestShare)) return Random.Pick(_internet.Residential[_country]).Lease(_home, Random);
        var atWork = Office is not null && _rhythm.IsWorkingTime(time, _home.UtcOffset) && Random.Chance(0.7);
        return atWork ? Random.Pick(Office!.Exits) : _homeLine.Connect(time);
    }

    private TimeSpan UtcOffsetAt(EventTime time) => _habit + (Trip?.IsAway(time) == true ? Trip.City.UtcOffset : _home.UtcOffset);

    private string ChooseApplication()
    {
        if (!Random.Chance(UnusualApplication)) return _applications[Math.Min(Random.Below(_applications.Length), Random.Below(_applications.Length))];
        var other = Applications.Pick(Random);
        if (Random.Chance(Adopted)) _applications[^1] = other;
        return other;
    }

    private Device Choose(bool phone)
    {
        var suitable = _devices.FindAll(device => device.IsPhone == phone);
        // The first is the one mostly used.
        return suitable.Count == 0 || Random.Chance(0.1) ? Random.Pick(_devices) : suitable[Random.Chance(0.8) ? 0 : suitable.Count - 1];
    }
}
