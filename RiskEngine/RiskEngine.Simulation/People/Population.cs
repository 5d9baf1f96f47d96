using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>Everybody with an account: people with their offices, and machines.</summary>
internal sealed class Population
{
    private const double WorksInOffice = 0.6;
    private const double JoinPerDay = 0.004;
    private const double MostJoin = 0.1;
    private const int PeoplePerOffice = 300;
    private const int PeoplePerService = 60;
    private static readonly string[] Departments = ["engineering", "finance", "sales", "support", "research", "people", "legal", "operations"];
    private static readonly double[] CountryWeights = [.. Atlas.Countries.Select(country => country.Weight)];
    private const double Namesake = 0.03;
    private static readonly string[] Factors = ["totp", "totp", "webauthn", "sms", "push", "push"];

    private readonly List<Person> _people;
    private readonly List<ServiceAccount> _services = [];

    public Population(int size, int days, EventTime start, Internet internet, ulong seed)
    {
        var random = SeededRandom.For(seed, Purpose.Population, 0);
        var offices = OpenOffices(size, internet, random);
        var joining = Math.Min(MostJoin, JoinPerDay * days);
        _people = new List<Person>(size);
        for (var number = 0; number < size; number++)
        {
            var own = SeededRandom.For(seed, Purpose.Person, number);
            var country = own.Weighted(CountryWeights);
            var office = offices[country].Length > 0 && own.Chance(WorksInOffice) ? own.Pick(offices[country]) : null;
            var absence = Absence.Of(number, start, days, own);
            var created = absence is null && own.Chance(joining) ? Joining(start, days, own) : default;
            var account = Hire(number, office is not null, created, own) with
            {
                Home = office?.City ?? own.Pick(Atlas.Countries[country].Cities),
                Absence = absence,
            };
            _people.Add(new Person(account, country, office, start, internet, own));
        }

        for (var number = 0; number < Math.Max(2, size / PeoplePerService); number++)
        {
            var own = SeededRandom.For(seed, Purpose.Service, number);
            _services.Add(new ServiceAccount(number, Identifier(size + number, own), own.Pick(offices[0]), internet, own));
        }

        Directory = new AccountDirectory([.. _people.Select(person => person.Account), .. _services.Select(service => service.Account)]);
    }

    public AccountDirectory Directory { get; }

    /// <summary>Drafts what is still known of those who have been away since long before the run, in time order.</summary>
    public List<EventDraft> Remember()
    {
        var drafts = new List<EventDraft>();
        foreach (var person in _people) PersonDay.Remember(person, drafts);
        return [.. drafts.OrderBy(draft => draft.OccurredAt.UnixMilliseconds)];
    }

    /// <summary>Drafts what everybody does on the day that begins then.</summary>
    public void Live(EventTime day, List<EventDraft> drafts)
    {
        foreach (var person in _people) PersonDay.Live(person, day, drafts);
        foreach (var service in _services) service.Run(day, drafts);
    }

    /// <summary>An office for every country with enough people to fill one; the first country always has one.</summary>
    private static Office[][] OpenOffices(int size, Internet internet, SeededRandom random)
    {
        var total = CountryWeights.Sum();
        var offices = new Office[Atlas.Countries.Length][];
        for (var country = 0; country < offices.Length; country++)
        {
            var workers = size * WorksInOffice * CountryWeights[country] / total;
            var count = workers < 12 && country > 0 ? 0 : 1 + (int)(workers / PeoplePerOffice);
            var business = internet.Business[country][0];
            offices[country] = new Office[count];
            for (var i = 0; i < count; i++)
            {
                var city = Atlas.Countries[country].Cities[i % Atlas.Countries[country].Cities.Length];
                offices[country][i] = new Office(city, [.. Enumerable.Range(0, workers > 100 ? 2 : 1).Select(_ => business.Lease(city, random))]);
            }
        }

        return offices;
    }

    private static EventTime Joining(EventTime start, int days, SeededRandom random) =>
        Rhythm.Work.Draw(start + TimeSpan.FromDays(random.Below(days)), TimeSpan.Zero, random);

    private static Account Hire(int number, bool isStaff, EventTime created, SeededRandom random) => new()
    {
        Id = Identifier(number, random),
        Name = created != default && random.Chance(Namesake) ? Names.OfNamesake(Names.OfPerson(number * 7 / 8)) : Names.OfPerson(number),
        Groups = !isStaff ? ["members"] : random.Chance(0.03) ? ["staff", random.Pick(Departments), "admins"] : ["staff", random.Pick(Departments)],
        Factor = random.Chance(isStaff ? 0.5 : 0.2) ? random.Pick(Factors) : null,
        CreatedAt = created,
    };

    // Rising with gaps, as the keys of a table are that also holds what was deleted.
    private static string Identifier(int number, SeededRandom random) => $"{1000 + (number * 7) + random.Below(7)}";
}
