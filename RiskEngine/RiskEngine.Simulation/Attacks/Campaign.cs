using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.People;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.Attacks;

/// <summary>One attacker at work: the day they begin, what they know, where they write.</summary>
/// <remarks>
/// Programs run at any hour. Who logs in with a stolen password mostly does so at hours at which others log in, to accounts drawn from the day's rows
/// and with the same journal as everybody, so that neither the hour nor the victim nor the form of a line gives them away.
/// </remarks>
internal sealed class Campaign
{
    private const double HaveCommonPassword = 0.004;

    public required SeededRandom Random { get; init; }

    public required Journal Journal { get; init; }

    public required AttackerHosts Hosts { get; init; }

    public required DayTraffic Traffic { get; init; }

    /// <summary>The directory of the provider; attackers know names of it, and of some accounts whether they are in use.</summary>
    public required AccountDirectory Directory { get; init; }

    /// <summary>Nothing happens before this.</summary>
    public required EventTime Earliest { get; init; }

    /// <summary>The end of the day in which the campaign begins.</summary>
    public required EventTime Latest { get; init; }

    public EventTime Begin() => Earliest + Random.Span(TimeSpan.Zero, Latest - Earliest);

    /// <summary>A time that leaves room before the end of the day for what follows.</summary>
    public EventTime BeginEarly() => Earliest + Random.Span(TimeSpan.Zero, (Latest - Earliest) * 0.75);

    /// <summary>An honest login to build on, drawn by row; null when the window holds none that suits.</summary>
    public EventDraft? Victim(Func<EventDraft, bool>? suits = null)
    {
        for (var tries = 0; tries < 60 && Traffic.Logins.Length > 0; tries++)
        {
            var row = Random.Pick(Traffic.Logins);
            if (row.OccurredAt >= Earliest && (suits is null || suits(row))) return row;
        }

        return null;
    }

    /// <summary>Any account of the directory.</summary>
    public Account Anyone() => Random.Pick(Directory.Accounts);

    /// <summary>A time at least an hour after <paramref name="after"/>, at which somebody else logged in that day, or in the hours that follow.</summary>
    /// <remarks>One in five attackers keeps the hours of another continent.</remarks>
    public EventTime Later(EventTime after)
    {
        var soonest = after + TimeSpan.FromHours(1);
        if (Random.Chance(0.2)) return soonest + Random.Span(TimeSpan.Zero, TimeSpan.FromHours(14));
        for (var tries = 0; tries < 8; tries++)
        {
            var time = Random.Pick(Traffic.Logins).OccurredAt;
            if (time >= soonest) return time + Random.Span(TimeSpan.Zero, TimeSpan.FromMinutes(4));
        }

        return soonest + Random.Span(TimeSpan.Zero, TimeSpan.FromHours(18));
    }

    /// <summary>A machine to log in with. It is new to the victim, and one in seven is a phone, as among the takeovers of the RBA data set.</summary>
    public Visit Browse(AccessPoint from, EventTime now)
    {
        var device = Random.Chance(0.15) ? Device.Phone(Random) : Device.Desktop(Random);
        return new Visit(from, device.UserAgent(now), device.Id, Applications.Pick(Random));
    }

    /// <summary>A program that tries passwords: honest about what it is, or dressed up as a browser. No cookies.</summary>
    public Visit Program(AccessPoint from, EventTime now)
    {
        var age = TimeSpan.FromDays(Random.Below(200));
        var userAgent = Random.Chance(0.4) ? UserAgents.Library(Random) : UserAgents.Compose(UserAgents.Desktop(Random), UserAgents.Release(now, age));
        return new Visit(from, userAgent, null, Applications.Pick(Random));
    }

    /// <summary>A guess at an account; before the account exists the provider knows no such name.</summary>
    public void Guess(EventTime time, Account account, in Visit visit)
    {
        if (account.CreatedAt > time) Journal.FailUnknown(time, account.Name, visit);
        else if (account.IsClosedAt(time)) Journal.FailClosed(time, account, visit);
        else Journal.Fail(time, account, visit);
    }

    /// <summary>The right password of a list: in, or stopped at the second factor.</summary>
    public void Try(EventTime time, Account account, in Visit visit)
    {
        if (account.CreatedAt > time) Journal.FailUnknown(time, account.Name, visit);
        else if (account.IsClosedAt(time)) Journal.FailClosed(time, account, visit);
        else if (account.Factor is not null) Journal.FailFactor(time, account, visit);
        else Journal.Enter(time, account, visit);
    }

    /// <summary>A common password for one name of a list: somebody's, or nobody's. Of the accounts four in a thousand have that password.</summary>
    /// <param name="exists">The share of names that are somebody's, 0 to 1.</param>
    public void Spray(EventTime time, double exists, in Visit visit)
    {
        if (!Random.Chance(exists)) Journal.FailUnknown(time, Names.Leaked(Random), visit);
        else if (Random.Chance(HaveCommonPassword)) Try(time, Anyone(), visit);
        else Guess(time, Anyone(), visit);
    }

    /// <summary>What intruders do with an account: look around, some of them to stay, and as an administrator to become others.</summary>
    public void Stay(EventTime entered, Account account, in Visit visit, UInt128 session)
    {
        if (Random.Chance(0.5)) Journal.Continue(entered + Minutes(2, 25), EventKind.SessionSeen, account, visit, session);
        if (Random.Chance(0.2)) Journal.Continue(entered + Minutes(1, 20), EventKind.PasswordChanged, account, visit, session);
        if (Random.Chance(0.15)) Journal.Continue(entered + Minutes(1, 20), EventKind.FactorAdded, account, visit, session);
        if (account.IsAdministrator && Random.Chance(0.4)) Journal.Continue(entered + Minutes(3, 50), EventKind.ImpersonationStarted, account, visit, session);
    }

    /// <summary>Some logins over the hours that follow, each in a session of its own, and what is done in the first of them.</summary>
    public void ComeAndGo(EventTime time, Account account, in Visit visit, int logins)
    {
        Stay(time, account, visit, Journal.Enter(time, account, visit));
        while (--logins > 0)
        {
            time += Random.Span(TimeSpan.FromMinutes(8), TimeSpan.FromHours(9));
            Journal.Enter(time, account, visit);
        }
    }

    public TimeSpan Seconds(double from, double to) => Random.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));

    public TimeSpan Minutes(double from, double to) => Random.Span(TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(to));
}
