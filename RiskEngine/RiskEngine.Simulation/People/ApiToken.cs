using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>A person's token for a script or job: on a server of theirs, or on their own machine, wherever that is.</summary>
internal sealed class ApiToken(Internet internet, SeededRandom random)
{
    private const double OnServer = 0.6;
    private const double MovesPerDay = 0.004;

    private readonly string _application = random.Chance(0.6) ? "gitlab" : "files";
    private readonly string _library = UserAgents.Library(random);
    private readonly double _usesPerDay = random.Uniform(0.3, 8);
    private AccessPoint? _server = random.Chance(OnServer) ? Rent(internet, random) : null;

    public void Live(Person person, EventTime day, Journal journal)
    {
        if (_server is not null && random.Chance(MovesPerDay)) _server = Rent(internet, random);
        for (var left = random.Poisson(_usesPerDay); left > 0; left--)
        {
            // Jobs run at any hour, what runs on a laptop when somebody is at it.
            var time = _server is null ? person.DrawTime(day) : day + random.Span(TimeSpan.Zero, TimeSpan.FromDays(1));
            if (!person.IsThere(time)) continue;
            var from = _server ?? person.Connect(time, person.Laptop);
            journal.Work(time, EventKind.TokenUsed, person.Account, new Visit(from, _library, null, _application), "token", null);
        }
    }

    private static AccessPoint Rent(Internet internet, SeededRandom random)
    {
        var hosting = random.Pick(internet.Hosting);
        return hosting.Lease(random.Pick(hosting.Cities), random);
    }
}
