using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>One person's day: when they log in, and what happens around it.</summary>
internal sealed class PersonDay(Person person, EventTime day, Journal journal)
{
    private const double SlipOfName = 0.008;
    private const double Forgotten = 0.004;
    private const double FactorFumbled = 0.04;
    private const double SecondLogin = 0.14;
    private const double SeenAgain = 0.3;
    private const double LogsOut = 0.3;
    private const double ChangesPassword = 0.003;
    private const double AddsFactor = 0.0015;
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    private readonly SeededRandom _random = person.Random;
    private readonly Account _account = person.Account;

    /// <summary>Drafts the day's events into <paramref name="drafts"/>.</summary>
    public static void Live(Person person, EventTime day, List<EventDraft> drafts)
    {
        if (person.Account.CreatedAt >= day + OneDay) return;
        new PersonDay(person, day, new Journal(drafts, person.Random)).Live();
    }

    private void Live()
    {
        person.Wake(day);
        var times = new List<EventTime>();
        var offset = person.UtcOffsetAt(day);
        for (var left = _random.Poisson(person.LoginsPerDay * 1.15); left > 0; left--)
        {
            var time = person.Rhythm.Draw(day, offset, _random);
            if (person.Rhythm.Keeps(time, offset, _random)) times.Add(time);
        }

        if (_account.CreatedAt > day)
        {
            journal.Create(_account.CreatedAt, _account);
            // A first login within the hour, as the letter with the password asks for.
            times.Add(_account.CreatedAt + _random.Span(TimeSpan.FromMinutes(3), TimeSpan.FromHours(1)));
        }

        times.Sort();
        foreach (var time in times)
        {
            if (time > _account.CreatedAt && !IsOnTheWay(time)) LogIn(time);
        }
    }

    private void LogIn(EventTime time)
    {
        var visit = person.Visit(time, Applications.Pick(_random));
        if (_random.Chance(SlipOfName))
        {
            journal.FailUnknown(time, Names.Mistyped(_account.Name, _random), visit);
            time += Seconds(4, 25);
        }

        if (_random.Chance(Forgotten)) time = Forget(time, visit);
        else if (_random.Chance(person.Clumsiness)) time = Mistype(time, _random.Between(1, 3), visit);

        if (_account.Factor is not null && _random.Chance(FactorFumbled))
        {
            journal.FailFactor(time, _account, visit);
            time += Seconds(8, 40);
        }

        var session = journal.Enter(time, _account, visit);
        FollowUp(time, visit, session);
        if (_random.Chance(SecondLogin)) LogInAgain(time);
    }

    private EventTime Mistype(EventTime time, int tries, in Visit visit)
    {
        for (; tries > 0; tries--)
        {
            journal.Fail(time, _account, visit);
            time += Seconds(3, 30);
        }

        return time;
    }

    /// <summary>A password forgotten: some guesses, the mail, a new one.</summary>
    private EventTime Forget(EventTime time, in Visit visit)
    {
        time = Mistype(time, _random.Between(3, 6), visit) + Minutes(1, 12);
        journal.Continue(time, EventKind.PasswordChanged, _account, visit, 0);
        return time + Seconds(5, 40);
    }

    /// <summary>Another application, or the other device on the desk, shortly after.</summary>
    private void LogInAgain(EventTime time)
    {
        time += _random.Chance(0.4) ? Seconds(3, 55) : Minutes(1, 10);
        journal.Enter(time, _account, person.Visit(time, Applications.Pick(_random)));
    }

    private void FollowUp(EventTime time, in Visit visit, UInt128 session)
    {
        if (_random.Chance(SeenAgain)) Continue(time + Minutes(2, 50), EventKind.SessionSeen, visit, session);
        if (_random.Chance(ChangesPassword)) Continue(time + Minutes(1, 10), EventKind.PasswordChanged, visit, session);
        if (_random.Chance(AddsFactor)) Continue(time + Minutes(1, 10), EventKind.FactorAdded, visit, session);
        if (_random.Chance(LogsOut)) Continue(time + Minutes(3, 85), EventKind.Logout, visit, session);
    }

    private void Continue(EventTime time, EventKind kind, in Visit visit, UInt128 session)
    {
        if (!IsOnTheWay(time)) journal.Continue(time, kind, _account, visit, session);
    }

    private bool IsOnTheWay(EventTime time) => person.Trip?.IsOnTheWay(time) == true;

    private TimeSpan Seconds(double from, double to) => _random.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));

    private TimeSpan Minutes(double from, double to) => _random.Span(TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(to));
}
