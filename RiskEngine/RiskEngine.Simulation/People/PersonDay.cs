using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>One person's day: when they log in, and what happens around it.</summary>
internal sealed class PersonDay(Person person, EventTime day, Journal journal)
{
    private const double SlipOfName = 0.008;
    private const double Forgotten = 0.004;
    private const double ForgottenOnLeave = 0.3;
    private const double SecondLogin = 0.14;
    private const double SeenAgain = 0.3;
    private const double LeavesOpen = 0.3;
    private const double LogsOut = 0.3;
    private const double ChangesPassword = 0.003;
    private const double AddsFactor = 0.0015;
    private const double Impersonates = 0.05;
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    private readonly SeededRandom _random = person.Random;
    private readonly Account _account = person.Account;

    /// <summary>Drafts the day's events into <paramref name="drafts"/>.</summary>
    public static void Live(Person person, EventTime day, List<EventDraft> drafts)
    {
        if (person.Account.CreatedAt >= day + OneDay) return;
        if (person.Account.Absence is { } absence && (absence.IsForever || absence.Back >= day + OneDay)) return;
        new PersonDay(person, day, new Journal(drafts, person.Random)).Live();
    }

    /// <summary>Drafts the last logins before a long absence. One account in four of the forgotten ones was made and never used.</summary>
    public static void Remember(Person person, List<EventDraft> drafts)
    {
        if (person.Account.Absence is not { } absence) return;
        var journal = new Journal(drafts, person.Random);
        if (absence is { IsForever: true, IsClosed: false } && person.Random.Chance(0.25))
        {
            journal.Create(absence.LastSeen, person.Account);
            return;
        }

        for (var left = person.Random.Between(0, 14); left >= 0; left--)
        {
            var day = absence.LastSeen - TimeSpan.FromDays((left * 1.6) + 1);
            var time = person.DrawTime(day);
            journal.Enter(time, person.Account, person.Visit(time));
        }
    }

    private void Live()
    {
        person.Wake(day);
        List<(EventTime Time, OpenSession? Session)> plan = [.. person.DrawLogins(day).Select(time => (time, (OpenSession?)null))];
        foreach (var (time, session) in person.DrawReturns(day)) plan.Add((time, session));
        if (_account.CreatedAt > day)
        {
            journal.Create(_account.CreatedAt, _account);
            // A first login within the hour, as the letter with the password asks for.
            plan.Add((_account.CreatedAt + Minutes(3, 60), null));
        }

        var isBack = _account.Absence is { } absence && absence.Back >= day;
        if (isBack) plan.Add((ComeBack(_account.Absence!), null));
        plan.Sort((left, right) => left.Time.CompareTo(right.Time));
        foreach (var (time, session) in plan)
        {
            if (!person.IsThere(time)) continue;
            if (session is not null) journal.Continue(time, EventKind.SessionSeen, _account, person.Resume(session, time), session.Id);
            else LogIn(time, isBack);
        }

        person.Token?.Live(person, day, journal);
    }

    /// <returns>When the first login after the absence begins.</returns>
    private EventTime ComeBack(Absence absence)
    {
        person.Return();
        if (absence.IsClosed) journal.Reactivate(absence.Back, _account);
        return absence.Back + Minutes(5, 200);
    }

    private void LogIn(EventTime time, bool isBack)
    {
        var visit = person.Visit(time);
        if (_random.Chance(SlipOfName))
        {
            journal.FailUnknown(time, Names.Mistyped(_account.Name, _random), visit);
            time += Seconds(4, 25);
        }

        if (_random.Chance(isBack ? ForgottenOnLeave : Forgotten)) time = Forget(time, visit);
        else if (_random.Chance(person.Clumsiness)) time = Mistype(time, _random.Between(1, 3), visit);

        if (_account.Factor is { } factor && !new SecondFactor(_account, factor, journal, _random).Pass(ref time, visit)) return;
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
        journal.Enter(time, _account, person.Visit(time));
    }

    private void FollowUp(EventTime time, in Visit visit, UInt128 session)
    {
        var seen = time;
        if (_random.Chance(SeenAgain)) Continue(seen = time + Minutes(2, 50), EventKind.SessionSeen, visit, session);
        if (_random.Chance(ChangesPassword)) Continue(time + Minutes(1, 10), EventKind.PasswordChanged, visit, session);
        if (_random.Chance(AddsFactor)) Continue(time + Minutes(1, 10), EventKind.FactorAdded, visit, session);
        if (_account.IsAdministrator && _random.Chance(Impersonates)) Continue(time + Minutes(2, 40), EventKind.ImpersonationStarted, visit, session);
        if (_random.Chance(LeavesOpen)) person.KeepOpen(session, time, visit.Application);
        else if (_random.Chance(LogsOut)) Continue(seen + Minutes(3, 60), EventKind.Logout, visit, session);
    }

    private void Continue(EventTime time, EventKind kind, in Visit visit, UInt128 session)
    {
        if (person.IsThere(time)) journal.Continue(time, kind, _account, visit, session);
    }

    private TimeSpan Seconds(double from, double to) => _random.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));

    private TimeSpan Minutes(double from, double to) => _random.Span(TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(to));
}
