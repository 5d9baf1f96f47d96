using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A machine with an account: one network, one library, a regular beat, now and then a stale password.</summary>
internal sealed class ServiceAccount
{
    private const double StalePasswordPerDay = 0.01;
    private static readonly int[] Cadences = [30, 60, 60, 240, 720, 1440];
    private static readonly string[] Tasks = ["backup", "monitoring", "sync", "report", "deploy", "scanner", "mailer", "export"];

    private readonly SeededRandom _random;
    private readonly TimeSpan _cadence;
    private readonly TimeSpan _phase;
    private readonly Visit _visit;
    private readonly bool _usesToken;

    public ServiceAccount(int number, string id, AccessPoint from, SeededRandom random)
    {
        _random = random;
        _cadence = TimeSpan.FromMinutes(random.Pick(Cadences));
        _phase = random.Span(TimeSpan.Zero, _cadence);
        _usesToken = random.Chance(0.6);
        _visit = new Visit(from, UserAgents.Library(random), null, Applications.Pick(random));
        Account = new Account { Id = id, Name = $"svc-{Tasks[number % Tasks.Length]}-{(number / Tasks.Length) + 1}", Groups = ["services"], IsService = true };
    }

    public Account Account { get; }

    public void Run(EventTime day, List<EventDraft> drafts)
    {
        var journal = new Journal(drafts, _random);
        var kind = _usesToken ? EventKind.TokenUsed : EventKind.Login;
        var method = _usesToken ? "token" : "password";
        for (var at = _phase; at < TimeSpan.FromDays(1); at += _cadence)
        {
            journal.Work(day + at + _random.Span(TimeSpan.Zero, TimeSpan.FromSeconds(4)), kind, Account, _visit, method, null);
        }

        if (_usesToken || !_random.Chance(StalePasswordPerDay)) return;
        // Somebody changed the password and forgot the job, which tries again every minute until they remember.
        var time = day + _random.Span(TimeSpan.FromHours(6), TimeSpan.FromHours(15));
        for (var tries = _random.Between(5, 30); tries > 0; tries--, time += TimeSpan.FromMinutes(1))
        {
            journal.Work(time, EventKind.LoginFailed, Account, _visit, method, "invalid_password");
        }
    }
}
