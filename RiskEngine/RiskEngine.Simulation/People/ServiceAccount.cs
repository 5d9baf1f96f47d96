using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A machine with an account: one network, one library, a regular beat, now and then a stale password, seldom another server.</summary>
/// <remarks>One in five runs on whichever machine of a pool is free. Now and then an administrator tries its login by hand from the office.</remarks>
internal sealed class ServiceAccount
{
    private const double StalePasswordPerDay = 0.01;
    private const double MovesPerDay = 0.003;
    private const double TriedByHandPerDay = 0.006;
    private static readonly int[] Cadences = [30, 60, 60, 240, 720, 1440];
    private static readonly string[] Tasks = ["backup", "monitoring", "sync", "report", "deploy", "scanner", "mailer", "export"];

    private readonly Internet _internet;
    private readonly Office _office;
    private readonly SeededRandom _random;
    private readonly TimeSpan _cadence;
    private readonly TimeSpan _phase;
    private readonly string _library;
    private readonly string _application;
    private readonly bool _usesToken;
    private readonly int _machines;
    private AccessPoint[] _from;

    /// <param name="office">Where its administrators sit, and half of the machines.</param>
    public ServiceAccount(int number, string id, Office office, Internet internet, SeededRandom random)
    {
        (_office, _internet, _random) = (office, internet, random);
        _machines = random.Chance(0.2) ? random.Between(2, 6) : 1;
        _from = _machines == 1 && random.Chance(0.5) ? [office.Exits[0]] : Rent();
        _cadence = TimeSpan.FromMinutes(random.Pick(Cadences));
        _phase = random.Span(TimeSpan.Zero, _cadence);
        // One of each, however small the fleet.
        _usesToken = number == 0 || (number > 1 && random.Chance(0.6));
        (_library, _application) = (UserAgents.Library(random), Applications.Pick(random));
        Account = new Account { Id = id, Name = $"svc-{Tasks[number % Tasks.Length]}-{(number / Tasks.Length) + 1}", Groups = ["services"], IsService = true };
    }

    public Account Account { get; }

    public void Run(EventTime day, List<EventDraft> drafts)
    {
        var journal = new Journal(drafts, _random);
        if (_random.Chance(MovesPerDay)) _from = Rent();
        var kind = _usesToken ? EventKind.TokenUsed : EventKind.Login;
        var method = _usesToken ? "token" : "password";
        for (var at = _phase; at < TimeSpan.FromDays(1); at += _cadence)
        {
            journal.Work(day + at + _random.Span(TimeSpan.Zero, TimeSpan.FromSeconds(4)), kind, Account, Visit(), method, null);
        }

        if (_random.Chance(TriedByHandPerDay)) TryByHand(Rhythm.Work.Draw(day, _office.City.UtcOffset, _random), journal);
        if (_usesToken || !_random.Chance(StalePasswordPerDay)) return;
        // Somebody changed the password and forgot the job, which tries again every minute until they remember.
        var time = day + _random.Span(TimeSpan.FromHours(6), TimeSpan.FromHours(15));
        for (var tries = _random.Between(5, 30); tries > 0; tries--, time += TimeSpan.FromMinutes(1))
        {
            journal.Work(time, EventKind.LoginFailed, Account, Visit(), method, "invalid_password");
        }
    }

    private void TryByHand(EventTime time, Journal journal)
    {
        var desktop = Device.Desktop(_random);
        journal.Enter(time, Account, new Visit(_random.Pick(_office.Exits), desktop.UserAgent(time), desktop.Id, _application));
    }

    private Visit Visit() => new(_from.Length == 1 ? _from[0] : _random.Pick(_from), _library, null, _application);

    /// <summary>Machines of one provider, in one of its cities.</summary>
    private AccessPoint[] Rent()
    {
        var hosting = _random.Pick(_internet.Hosting);
        var city = _random.Pick(hosting.Cities);
        return [.. Enumerable.Range(0, _machines).Select(_ => hosting.Lease(city, _random))];
    }
}
